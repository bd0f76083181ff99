"""The way to one client, on a real pair of sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

from tornado.iostream import IOStream

from prodiguer.web.live.line import Line

HUGE = b"x" * 50_000_000


def on_a_line(story: Callable[[Line, socket.socket], Awaitable[None]]) -> None:
    async def told() -> None:
        near, far = socket.socketpair()
        with far:
            far.setblocking(False)
            stream = IOStream(near)
            try:
                await asyncio.wait_for(story(Line(_nodelay(stream)), far), 60)
            finally:
                stream.close()

    asyncio.run(told())


def _nodelay(stream: IOStream) -> IOStream:
    """A pair of sockets is no TCP."""
    stream.set_nodelay = lambda value: None  # type: ignore[method-assign]
    return stream


async def read(far: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        received += await asyncio.get_running_loop().sock_recv(far, 1 << 20)
    return bytes(received)


async def read_to_the_end(far: socket.socket) -> bytes:
    received = bytearray()
    while data := await asyncio.get_running_loop().sock_recv(far, 1 << 20):
        received += data
    return bytes(received)


def test_what_the_connection_takes_at_once_leaves_it_free() -> None:
    async def story(line: Line, far: socket.socket) -> None:
        assert line.send(b"one")
        assert not line.busy
        assert await read(far, 3) == b"one"

    on_a_line(story)


def test_while_a_frame_waits_the_newest_word_of_each_kind_waits_behind_it() -> None:
    async def story(line: Line, far: socket.socket) -> None:
        assert not line.send(HUGE)
        assert line.busy
        for number in range(1000):
            line.say("pong", b"p%03d" % number)
            line.say("error", b"e%03d" % number)

        assert (await read(far, len(HUGE) + 8))[-9:] == b"xp999e999"
        assert await line.free(10)
        line.say("pong", b"again")
        assert await read(far, 5) == b"again"

    on_a_line(story)


def test_patience_ends() -> None:
    async def story(line: Line, far: socket.socket) -> None:
        line.send(HUGE)

        assert not await line.free(0.05)
        assert line.busy

    on_a_line(story)


def test_a_client_that_is_gone_is_no_error() -> None:
    async def story(line: Line, far: socket.socket) -> None:
        line.send(HUGE)
        far.close()

        assert not await line.free(10)
        assert line.closed
        line.say("pong", b"p")
        line.end(b"x")
        line.drop()

    on_a_line(story)


def test_nothing_follows_the_last_frame() -> None:
    async def story(line: Line, far: socket.socket) -> None:
        line.send(HUGE)
        line.say("pong", b"waits")
        line.end(b"last", drop=True)
        line.say("stats", b"late")
        assert not line.send(b"event")

        assert (await read_to_the_end(far))[len(HUGE) :] == b"last"

    on_a_line(story)
