"""Events on their way to clients that are current, on a real pair of sockets."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from typing import cast

from tornado.iostream import IOStream

from prodiguer.ports.live import Change, Run
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


def runs(count: int) -> list[Told]:
    """Events about runs; names hold what each of the groups below looks for."""
    now = datetime.now(UTC)
    name = "*".join(map(str, range(1000)))
    known = Run({}, name, active=True, last_message_at=now, gone=False)
    return [
        Told(Change(seq, now, "simulation", f"r{seq}", f"r{seq}"), b'{"n":%d}' % seq, known)
        for seq in range(1, count + 1)
    ]


def test_a_crowd_that_wants_many_things_keeps_nobody_else_waiting() -> None:
    async def story() -> None:
        limits, crowd, ring = Limits(), Crowd(300), Ring(10_000, 1_000_000)
        delivery = Delivery(NOBODY_IS_ASKED, crowd, limits)
        members = []
        for number in range(200):
            near, far = socket.socketpair()
            far.setblocking(False)
            client = Client(IOStream(near), Visitor("", None), limits, lambda _: 0)
            group = crowd.reserve({"q": f"*{number}*1*2*3*4*5*6*7*8*9*"})
            crowd.clients[client] = group
            group.current.add(client)
            members.append((client, group, far))
        events, clock, turns = runs(200), asyncio.get_running_loop().time, 0
        ring.add(events, 200)

        began = clock()
        delivery.publish(News(1, events, 200, False), ring)
        longest = clock() - began
        while not all(client in group.current for client, group, _ in members):
            before = clock()
            await asyncio.sleep(0)
            longest, turns = max(longest, clock() - before), turns + 1

        assert turns > 10
        assert longest < (clock() - began) / 2
        told = b",".join(event.json for event in events)
        whole = b'{"type":"batch","seq":200,"events":[' + told + b"]}"
        for client, _, far in members:
            with far:
                assert await read(far, len(whole) + 4) == frames.text(whole)
                client.line.drop()
        delivery.close()

    asyncio.run(asyncio.wait_for(story(), 60))
