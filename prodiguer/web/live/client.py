"""One live client: what it says, whether it is alive, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from tornado.iostream import IOStream, StreamClosedError

from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.hearing import Hearing, Message, Violation, close_code, decoded
from prodiguer.web.live.line import Line
from prodiguer.web.live.words import answer
from prodiguer.web.rate import Bucket

_PING = frames.frame(frames.PING, b"")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who it is, for the log and for whoever takes tokens back."""

    address: str
    token_id: str | None


class Client:
    """A connection that has become a WebSocket.

    Args:
        stream: the connection.
        visitor: who it is.
        limits: on what it says, and on its patience with us.
        told: gives the position that this client has reached.
    """

    __slots__ = (
        "_closing",
        "_hearing",
        "_limits",
        "_rate",
        "_told",
        "_waiting_for_pong",
        "closed_with",
        "line",
        "pinged_at",
        "position",
        "visitor",
    )

    def __init__(
        self, stream: IOStream, visitor: Visitor, limits: Limits, told: Callable[[Client], int]
    ) -> None:
        self.line = Line(stream)
        self.visitor = visitor
        #: How far it was told what happened, while it is behind.
        self.position = 0
        #: When it was last asked for a sign of life, by the loop's clock.
        self.pinged_at = asyncio.get_running_loop().time()
        #: The code that it was closed with, by us or by itself.
        self.closed_with: int | None = None
        self._limits = limits
        self._told = told
        self._hearing = Hearing(limits.live_message)
        self._rate = Bucket(limits.live_rate, limits.live_burst, self.pinged_at)
        self._waiting_for_pong = False
        self._closing = False

    @property
    def open(self) -> bool:
        """It may be sent events."""
        return not self._closing and not self.line.closed

    @property
    def fields(self) -> dict[str, object]:
        """Who it is, for the log."""
        return {"address": self.visitor.address, "token": self.visitor.token_id}

    async def listen(self) -> None:
        """Take what it says, until it is gone."""
        with contextlib.suppress(StreamClosedError):
            while True:
                self._hear(await self.line.read())
        self._closing = True

    def ask_for_life(self, now: float) -> None:
        """Send a ping where one is due; end it where it did not answer the last."""
        if now - self.pinged_at < self._limits.live_ping or not self.open:
            return
        if self._waiting_for_pong:
            self.close(frames.NO_PONG, "no pong came")
            return
        self.pinged_at = now
        self._waiting_for_pong = True
        # Where the line is busy, even with a mere word, it waits for its turn, and so do we.
        self.line.say("ping", _PING)

    def close(self, code: int, reason: str = "") -> None:
        """Say why, and give it a moment to hear it and to say so."""
        if self._closing:
            return
        self._closing = True
        self.closed_with = code
        self.line.end(frames.close(code, reason))
        asyncio.get_running_loop().call_later(self._limits.live_goodbye, self.line.drop)

    # -- what it says

    def _hear(self, data: bytes) -> None:
        try:
            for message in self._hearing.feed(data):
                if message.opcode == frames.CLOSE:
                    self._part(message.payload)
                    return
                if not self._closing:
                    self._take(message)
        except Violation as violation:
            if self._closing:
                self.line.drop()
            self.close(violation.code, violation.reason)

    def _part(self, payload: bytes) -> None:
        """It wants to end, or has heard that we do."""
        if self._closing:
            self.line.drop()
            return
        self.closed_with = close_code(payload)
        self._closing = True
        self.line.end(frames.close(self.closed_with), drop=True)

    def _take(self, message: Message) -> None:
        opcode, payload = message
        if not self._rate.take(asyncio.get_running_loop().time()):
            raise Violation(frames.POLICY, "too many messages")
        if opcode == frames.PING:
            self.line.say("pong", frames.frame(frames.PONG, payload))
        elif opcode == frames.PONG:
            self._waiting_for_pong = False
        elif opcode == frames.BINARY:
            raise Violation(frames.UNSUPPORTED, "messages are text")
        else:
            kind, said = answer(decoded(payload), self._told(self))
            self.line.say(f"said {kind}", frames.text(said))
