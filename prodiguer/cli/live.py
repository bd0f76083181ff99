"""Live events over any number of connections: each in its order, none twice, none missed."""

from __future__ import annotations

import contextlib
import json
import random
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.sync.client import ClientConnection, connect

from prodiguer import __version__
from prodiguer.cli.api import failure, token_of_environment
from prodiguer.errors import (
    ConfigurationError,
    NotAllowed,
    NotFound,
    ProdiguerError,
    Unavailable,
)

PATH = "/api/v1/live"
#: The first wait before another try is at most so many seconds; it doubles up to the second.
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
#: Seconds of silence before a ping, and again before the connection is taken for dead.
SILENCE = 10.0
#: A frame holds several events, each with an object of up to 256 KiB.
LARGEST_FRAME = 64 << 20
#: No later try makes these good.
_FINAL = (ConfigurationError, NotAllowed, NotFound)
_LOST = (OSError, ConnectionClosed, InvalidHandshake, ValueError)

Frame = Mapping[str, Any]


class Live:
    """The events of a platform.

    Args:
        url: of its API, such as ``http://127.0.0.1:8080``.
        parameters: filters of the stream; None stands for none.
        since: the last number that is known already; None begins with what comes now.
        lost: called with the reason when the connection is lost, not at each try in vain.
        connected: called with the position whenever there is a connection.
        token: sent as a bearer token; that of ``$PRODIGUER_TOKEN`` by default.
    """

    def __init__(
        self,
        url: str,
        parameters: Mapping[str, Any],
        *,
        since: int | None = None,
        lost: Callable[[str], None] = lambda _: None,
        connected: Callable[[int], None] = lambda _: None,
        token: str | None = None,
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise ConfigurationError(f"--url {url}: this is no http or https address")
        self._url = url
        self._address = "ws" + url.removeprefix("http") + PATH
        self._parameters = {k: v for k, v in parameters.items() if v is not None}
        token = token_of_environment() if token is None else token
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._lost, self._connected = lost, connected
        #: All events up to this number were given out; None before the first connection.
        self.position = since
        self._waits = 0
        self._up = False

    def frames(self) -> Iterator[Frame]:
        """Events, and ``reset`` where some could not be told; for ever.

        Raises:
            Unavailable: the platform cannot be reached at the very start.
            NotAllowed: it asks for another token.
            ConfigurationError: it does not know one of the parameters.
        """
        began = False
        while True:
            try:
                for frame in self._connection():
                    began = True
                    yield from frame
            except Unavailable as error:
                if not began:
                    raise
                if self._up:
                    self._lost(str(error))
                self._up = False
            time.sleep(self._wait())

    def _connection(self) -> Iterator[list[Frame]]:
        """What one connection brings until it is lost, frame by frame.

        Raises:
            Unavailable: always, in the end.
        """
        given = dict(self._parameters)
        if self.position is not None:
            given["since"] = self.position
        query = urllib.parse.urlencode(given)
        address = f"{self._address}?{query}" if query else self._address
        try:
            with self._open(address) as line, _farewell(line):
                while True:
                    yield self._take(json.loads(self._hear(line)))
        except InvalidStatus as error:
            raise self._refusal(error) from None
        except InvalidURI as error:
            raise ConfigurationError(f"--url {self._url}: {error}") from None
        except _LOST as error:
            reason = str(error) or "it is silent"
            raise Unavailable(
                f"{self._url} cannot be reached: {reason}; is `prodiguer up` running there?"
            ) from None

    def _open(self, address: str) -> ClientConnection:
        return connect(
            address,
            additional_headers=self._headers,
            user_agent_header=f"prodiguer/{__version__}",
            compression=None,
            max_size=LARGEST_FRAME,
            ping_interval=None,
            close_timeout=1,
        )

    @staticmethod
    def _hear(line: ClientConnection) -> str | bytes:
        """The next frame; the pong to a ping tells how far a stream without events has come."""
        try:
            return line.recv(SILENCE)
        except TimeoutError:
            line.send('{"type":"ping"}')
            return line.recv(SILENCE)

    def _take(self, frame: Any) -> list[Frame]:
        """The events in a frame; all of them are given out before the next frame is asked for."""
        kind = frame["type"]
        if kind == "error":
            raise ProdiguerError(f"{frame.get('title')}: {frame.get('detail')}")
        if kind == "hello":
            self._waits, self._up = 0, True
            if self.position is None:
                self.position = frame["seq"]
            self._connected(frame["seq"])
            return []
        self.position = frame["seq"]
        if kind == "batch":
            return list(frame["events"])
        return [] if kind == "pong" else [frame]

    def _refusal(self, error: InvalidStatus) -> ProdiguerError:
        """A refused handshake: for good, or until the next try."""
        answer = error.response
        told = failure(answer.status_code, bytes(answer.body or b""), answer.reason_phrase)
        return told if isinstance(told, _FINAL) else Unavailable(f"{self._url}: {told}")

    def _wait(self) -> float:
        """Seconds: any time up to a bound that doubles, so that many clients come back spread."""
        bound = min(LONGEST_WAIT, FIRST_WAIT * 2.0**self._waits)
        self._waits += 1
        return random.uniform(0, bound)  # noqa: S311 - no secret


@contextlib.contextmanager
def _farewell(line: ClientConnection) -> Iterator[None]:
    """Part in peace: whoever leaves by an exception would be told of as an internal error."""
    try:
        yield
    finally:
        line.close()
