"""A live client that gives no sign of life, on a real pair of sockets."""

from __future__ import annotations

import asyncio
import socket

from tornado.iostream import IOStream

from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.client import Client, Visitor

HUGE = frames.text(b"x" * 50_000_000)


def test_one_that_never_takes_a_mere_word_is_ended_on_a_quiet_platform_too() -> None:
    async def story() -> None:
        near, far = socket.socketpair()
        limits = Limits()
        client = Client(IOStream(near), Visitor("", None), limits, lambda _: 0)
        client.line.say("stats", HUGE)
        assert client.line.busy
        begun = asyncio.get_running_loop().time()

        client.ask_for_life(begun + limits.live_ping + 1)
        assert client.closed_with is None
        client.ask_for_life(begun + 2 * limits.live_ping + 2)

        assert client.closed_with == frames.NO_PONG
        client.line.drop()
        far.close()

    asyncio.run(asyncio.wait_for(story(), 60))
