"""One call: signed, to a judged address, and bounded in time and size whatever the answer."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from prodiguer import ProdiguerError
from prodiguer_webhook.places import resolve
from prodiguer_webhook.settings import HTTPS, Hook

#: Seconds for the whole of a call.
PATIENCE = 10.0
#: What a call that gets no good answer raises besides the library's `OSError`.
CallFailed = http.client.HTTPException

#: Bytes of an answer that are read: nothing in it is of interest.
_ANSWER = 64 * 1024


def call(hook: Hook, key: str, payload: Mapping[str, Any]) -> None:
    """Return when the receiver has said yes (2xx).

    Raises:
        OSError, CallFailed: no answer, or none that can be read; try again later.
        ProdiguerError: it said no, or it lives where nothing may be called.
    """
    body = json.dumps(payload, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "prodiguer",
        "Prodiguer-Id": identity(key),
        "Prodiguer-Signature": signature(hook.secret, int(time.time()), body),
    }
    connection = _Connection(hook)
    # A receiver that sends a byte now and then would never be late for a single read.
    end = threading.Timer(PATIENCE, connection.cut)
    end.start()
    try:
        connection.request("POST", hook.path, body, headers)
        answer = connection.getresponse()
        answer.read(_ANSWER)
    finally:
        end.cancel()
        connection.close()
    if not 200 <= answer.status < 300:
        # Also 3xx: where it leads to was never judged.
        raise ProdiguerError(f"the receiver of webhooks answers {answer.status}")


def identity(key: str) -> str:
    """The same for the same key: a receiver knows repeats by it."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def signature(secret: bytes, at: int, body: bytes) -> str:
    """``t=SECONDS,v1=HEX``: HMAC-SHA256 over the time, a full stop and the body."""
    digest = hmac.new(secret, b"%d.%s" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class _Connection(http.client.HTTPSConnection):
    """HTTPS to an address that was judged, with the certificate of the name."""

    def __init__(self, hook: Hook) -> None:
        context = ssl.create_default_context(cafile=hook.ca_file or None)
        super().__init__(hook.host, hook.port or HTTPS, timeout=PATIENCE, context=context)
        self._hook = hook
        self._tls = context
        self._late = False

    def connect(self) -> None:
        address = resolve(self._hook.host, self._hook.port, private=self._hook.allow_private)
        plain = socket.create_connection((address, self._hook.port), PATIENCE)
        # Kept before the handshake: that, too, can be cut.
        self.sock = tls = self._tls.wrap_socket(
            plain, server_hostname=self._hook.host, do_handshake_on_connect=False
        )
        if self._late:  # there was nothing to cut yet
            raise TimeoutError("the receiver of webhooks is not found in time")
        tls.do_handshake()

    def cut(self) -> None:
        """End it from another thread: whoever reads gets an error."""
        self._late = True
        if self.sock is not None:
            with suppress(OSError):  # it has ended by itself
                # The plain method: that of TLS would take the state away under the reader.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
