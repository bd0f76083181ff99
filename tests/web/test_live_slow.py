"""Live clients that do not read, or do not answer, harm nobody and lose nothing."""

from __future__ import annotations

import json
import re
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from live import wait_for
from prodiguer.web.limits import Limits
from support.live_door import Live
from support.live_story import hear, keep, long_news, news
from support.live_wire import Wire, masked
from support.web import Client
from support.web_platform import Platform

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
#: Enough to fill what the kernel keeps for a connection on both sides.
LARGE, MANY = 200_000, 80

pytestmark = pytest.mark.bad_input("B129")


@pytest.fixture
def client(platform: Platform) -> Client:
    """A server with little patience for slow clients, and much for silent ones."""
    return platform.serve(limits=Limits(live_slow=0.5, live_goodbye=0.5))


def clients(client: Client) -> int:
    found = re.search(rb"prodiguer_live_clients (\d+)", client.get("/metrics").content)
    assert found
    return int(found[1])


def fill(platform: Platform, first: int = 0) -> int:
    """More than any buffer holds; the position after it."""
    return keep(platform, *(long_news(first + number, LARGE) for number in range(MANY)))


def read_to_the_close(wire: Wire) -> tuple[int, int, str]:
    """The last event's number, and how it ends."""
    seq = 0
    while True:
        opcode, payload = wire.frame()
        if opcode == CLOSE:
            return seq, struct.unpack("!H", payload[:2])[0], payload[2:].decode()
        if opcode == TEXT:
            seq = json.loads(payload)["seq"]


def test_a_client_that_never_reads_is_cut_off_and_others_are_told(
    platform: Platform, client: Client
) -> None:
    with Wire(client.address, "/api/v1/live?coalesce=no", room=4096) as wire:
        with Live(client.address, coalesce="no") as live:
            end = fill(platform)
            assert len(live.until(end)) == MANY

            wait_for(lambda: clients(client) == 1, "the stalled client to be cut off")
            end = hear(platform, news(1))
            assert len(live.until(end)) == 2
        assert wire.ended()


def test_a_client_that_reads_byte_by_byte_is_cut_off(platform: Platform, client: Client) -> None:
    with Wire(client.address, room=4096) as wire:
        fill(platform)
        stop = threading.Event()

        def sip() -> None:
            while not stop.wait(0.05):
                wire.socket.recv(1)

        sipping = threading.Thread(target=sip)
        sipping.start()
        try:
            wait_for(lambda: clients(client) == 0, "the slow client to be cut off")
        finally:
            stop.set()
            sipping.join()


def test_a_client_that_wakes_up_is_told_where_to_go_on(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_slow=0.3, live_goodbye=30))
    with Wire(client.address, "/api/v1/live?coalesce=no", room=4096) as wire:
        end = fill(platform)
        wire.frame()
        wait_for(lambda: _cut(wire), "the server to lose its patience")
        seq, code, reason = read_to_the_close(wire)

    assert (code, reason) == (4008, f"too slow: reconnect with since={seq}")
    assert seq < end
    with Live(client.address, since=seq, coalesce="no") as live:
        assert [event["seq"] for event in live.until(end)] == list(range(seq + 1, end + 1))


def _cut(wire: Wire) -> bool:
    """Time goes by."""
    threading.Event().wait(1.0)
    return True


def test_a_client_that_is_slow_but_not_too_slow_misses_nothing(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_slow=30, live_events=20))
    with Wire(client.address, "/api/v1/live?coalesce=no", room=65536) as wire:
        start = json.loads(wire.frame()[1])["seq"]
        for part in range(2):
            end = fill(platform, part * MANY)
        told = list(_numbers(wire, end))

    assert told == list(range(start + 1, end + 1))


def _numbers(wire: Wire, end: int) -> Iterator[int]:
    seq = 0
    while seq < end:
        opcode, payload = wire.frame()
        if opcode == PING:
            wire.send(masked(PONG))
        if opcode == TEXT:
            frame: dict[str, Any] = json.loads(payload)
            for event in frame.get("events", [frame]):
                seq = event["seq"]
                yield seq


def test_a_client_that_never_pongs_is_cut_off(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_ping=0.3, live_tick=0.05))
    with Wire(client.address) as wire:
        assert wire.closed() == 1011


def test_a_client_that_pongs_stays(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_ping=0.2, live_tick=0.05))
    with Wire(client.address) as wire:
        assert wire.frame()[0] == TEXT
        for _ in range(5):
            assert wire.frame() == (PING, b"")
            wire.send(masked(PONG))
