"""From HTTP to a WebSocket: what a request must say, and the answer."""

from __future__ import annotations

import base64
import binascii
import hashlib

from tornado.httputil import HTTPServerRequest

from prodiguer.web.problems import Problem
from prodiguer.web.security import ALWAYS

VERSION = "13"
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_BYTES = 16


def check(request: HTTPServerRequest) -> None:
    """Refuse what is not the first request of a WebSocket.

    Raises:
        Problem: 400.
    """
    headers = request.headers
    if request.method != "GET" or request.version != "HTTP/1.1":
        raise Problem(400, "a live connection begins with GET and HTTP/1.1")
    if "websocket" not in _words(headers.get_list("Upgrade")) or "upgrade" not in _words(
        headers.get_list("Connection")
    ):
        raise Problem(400, "this path speaks WebSocket: send `Upgrade: websocket`")
    if headers.get_list("Sec-WebSocket-Version") != [VERSION]:
        raise Problem(
            400, "the WebSocket version is 13", headers={"Sec-WebSocket-Version": VERSION}
        )
    keys = headers.get_list("Sec-WebSocket-Key")
    if len(keys) != 1 or not _is_key(keys[0]):
        raise Problem(400, "Sec-WebSocket-Key must be 16 bytes in base64")
    if "Transfer-Encoding" in headers or headers.get("Content-Length", "0").strip("0"):
        raise Problem(400, "a live connection begins without a body")


def answer(request: HTTPServerRequest) -> bytes:
    """The head after which frames follow."""
    key = request.headers["Sec-WebSocket-Key"]
    digest = hashlib.sha1((key + _MAGIC).encode()).digest()  # noqa: S324 - RFC 6455 says so
    fields = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": base64.b64encode(digest).decode(),
        **ALWAYS,
    }
    lines = ["HTTP/1.1 101 Switching Protocols", *(f"{n}: {value}" for n, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _words(values: list[str]) -> set[str]:
    return {word.strip().lower() for value in values for word in value.split(",")}


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
