"""Events on their way to clients that are current, on a real pair of sockets."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from typing import cast

from tornado.iostream import IOStream

from prodiguer.ports.live import Change
from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.client import Client, Visitor
from prodiguer.web.live.crowd import Crowd
from prodiguer.web.live.delivery import Delivery
from prodiguer.web.live.reader import News, Reader
from prodiguer.web.live.ring import Ring
from prodiguer.web.live.told import Told

HUGE = frames.text(b"x" * 50_000_000)
NOBODY_IS_ASKED = cast("Reader", None)


async def read(far: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        received += await asyncio.get_running_loop().sock_recv(far, 1 << 20)
    return bytes(received)


def test_an_event_that_finds_the_line_busy_with_a_word_is_told_after_it() -> None:
    async def story() -> None:
        near, far = socket.socketpair()
        far.setblocking(False)
        limits, crowd, ring = Limits(), Crowd(1), Ring(10, 1_000)
        client = Client(IOStream(near), Visitor("", None), limits, lambda _: 0)
        delivery = Delivery(NOBODY_IS_ASKED, crowd, limits)
        group = crowd.reserve({})
        group.current.add(client)
        ring.restart(6)

        client.line.say("stats", HUGE)
        event = Told(Change(7, datetime.now(UTC), "mail", "m1", None), b'{"id":"m1"}')
        ring.add([event], 7)
        delivery.publish(News(1, [event], 7, False), ring)
        frame = frames.text(event.json)
        with far:
            assert (await read(far, len(HUGE) + len(frame)))[len(HUGE) :] == frame
            await client.line.free(10)
            await asyncio.sleep(0)
        assert client in group.current
        client.line.drop()
        delivery.close()

    asyncio.run(asyncio.wait_for(story(), 60))
