"""A client of the live protocol that believes nothing: order, types and times are held."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from prodiguer.ports.live import EVENT_TYPES

PATIENCE = 30.0


class Live:
    """One connection, with all that it was told."""

    def __init__(
        self,
        address: tuple[str, int],
        headers: dict[str, str] | None = None,
        *,
        path: str = "/api/v1/live",
        more: dict[str, Any] | None = None,
        **query: Any,
    ) -> None:
        host, port = address
        url = f"ws://{host}:{port}{path}" + (f"?{urlencode(query)}" if query else "")
        options = {"ping_interval": None, "close_timeout": 5, **(more or {})}
        self._stack = ExitStack()
        self.socket: ClientConnection = self._stack.enter_context(
            connect(url, additional_headers=headers, compression=None, proxy=None, **options)
        )
        self.hello = self.frame()
        assert self.hello["type"] == "hello"
        self.seq: int = self.hello["seq"]
        self.frames: list[dict[str, Any]] = []

    def frame(self, patience: float = PATIENCE) -> dict[str, Any]:
        """The next frame as it is."""
        return dict(json.loads(self.socket.recv(patience)))

    def next(self, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """The events of the next frame; a reset is one."""
        frame = self.frame(patience)
        self.frames.append(frame)
        events = frame["events"] if frame["type"] == "batch" else [frame]
        if frame["type"] == "batch":
            assert frame["seq"] == events[-1]["seq"]
        for event in events:
            if event["type"] in EVENT_TYPES:
                assert set(event) == {"seq", "type", "at", "uid", "data"}
                assert event["seq"] > self.seq
            if event["type"] in (*EVENT_TYPES, "reset"):
                assert event["seq"] >= self.seq
                self.seq = event["seq"]
        return events

    def until(self, seq: int) -> list[dict[str, Any]]:
        """All events up to a position, which one of them has."""
        events: list[dict[str, Any]] = []
        while self.seq < seq:
            events += self.next()
        return events

    def count(self, number: int) -> list[dict[str, Any]]:
        """So many events, or more where the last frame has more."""
        events: list[dict[str, Any]] = []
        while len(events) < number:
            events += self.next()
        return events

    def quiet(self, seconds: float = 0.3) -> None:
        """Nothing comes: what is asked for was said before."""
        deadline = time.monotonic() + seconds
        try:
            frame = self.frame(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return
        raise AssertionError(frame)

    def say(self, message: Any) -> dict[str, Any]:
        """Send something, as JSON unless it is text already; the next frame."""
        self.socket.send(message if isinstance(message, str) else json.dumps(message))
        return self.frame()

    def closed(self) -> tuple[int, str]:
        """How the server ends it: the code and the reason."""
        try:
            while True:
                self.socket.recv(PATIENCE)
        except ConnectionClosed as ended:
            last = ended.rcvd
        assert last is not None, "it was cut without a word"
        return last.code, last.reason

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
