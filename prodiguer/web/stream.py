"""A connection that lets no malformed request head through to the HTTP library."""

from __future__ import annotations

import asyncio
import socket
from http import HTTPStatus
from typing import Any

import msgspec
from tornado.iostream import IOStream, StreamClosedError

from prodiguer.web import heads
from prodiguer.web.limits import Limits
from prodiguer.web.problems import MEDIA, Problem
from prodiguer.web.security import ALWAYS

#: What the library says of a body that is malformed (a bad chunk): no headers, no reason.
_BARE = b"HTTP/1.1 400 Bad Request\r\n\r\n"
_PIECE = 64 * 1024
_BAD_BODY = Problem(400, "the body's chunks are malformed or its length is wrong")


def answer(problem: Problem) -> bytes:
    """A whole HTTP answer, after which the connection is closed."""
    body = msgspec.json.encode(problem.document)
    fields = {
        "Content-Type": MEDIA,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **ALWAYS,
        **problem.headers,
    }
    lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class StrictStream(IOStream):
    """Reads heads whole, checks them, and answers the bad ones itself."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        super().__init__(connection)
        self._limits = limits
        #: The request that is being read has its answer already.
        self.answered = False
        self._terminator = heads.terminator(limits)

    async def read_until_regex(self, regex: bytes, max_bytes: int | None = None) -> bytes:  # noqa: ARG002 - the library's own bound closes without an answer
        """A head: the library asks for nothing else by a regular expression."""
        head = await super().read_until_regex(self._terminator)
        try:
            heads.check(head, self._limits)
        except Problem as problem:
            await self._refuse(problem)
            raise StreamClosedError from None
        return head

    async def _refuse(self, problem: Problem) -> None:
        """Answer, and close only when the client has had the time to read it.

        Closing while bytes of the client are unread makes the kernel send a reset, which can
        overtake the answer.
        """
        await self.write(answer(problem))
        self.socket.shutdown(socket.SHUT_WR)
        try:
            await asyncio.wait_for(self._drain(), self._limits.drain)
        except (TimeoutError, StreamClosedError):
            self.close()

    async def _drain(self) -> None:
        while True:
            await self.read_bytes(_PIECE, partial=True)

    def write(self, data: bytes | memoryview[Any]) -> asyncio.Future[None]:
        """As of any stream, with a reason where the library gives none."""
        if data == _BARE and self.answered:
            # The request was refused before, and its body is malformed besides: one answer is all.
            self.close()
        return super().write(answer(_BAD_BODY) if data == _BARE else data)
