"""Many clients at once: those that stop reading harm nobody, and all come back after a kill."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from live import wait_for
from support.cut_line import CutLine, busiest_second
from support.live_followers import Client, Clients, as_told
from support.live_platform import Weather, Web, followed, parts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CROWD, STALLED = 200, 50
ROOM = 64 << 20
#: Connections that a server is asked for in a second when everybody comes back.
HERD = 200


def test_fifty_clients_that_stop_reading_harm_nobody_and_miss_nothing(tmp_path: Path) -> None:
    with parts(tmp_path) as platform, Clients() as clients:
        web, weather = platform.serve(), Weather(platform.smtp, size=20)
        reading = clients.follow(web.url, CROWD - STALLED)
        stalled = clients.follow(web.url, STALLED // 2, small=True)
        stalled += clients.follow(web.url, STALLED // 2, small=True, coalesce=False)
        wait_for(lambda: all(client.connected for client in clients.all), "the crowd")
        before = resident(web)
        for client in stalled:
            client.stall()
        weather.blow(padding=50_000)  # a megabyte is more than a line takes in
        while slow_ones(web) < STALLED:
            weather.blow()
            at_least = weather.sent
            wait_for(lambda n=at_least: heard(reading) >= n, "the others to go on hearing")
            time.sleep(0.2)
        grown = resident(web) - before
        for client in stalled:
            client.go_on()
        log = weather.settled(web)
        for client in clients.all:
            followed(client, log)
        assert all(client.hellos > 1 for client in stalled)
        assert all(client.hellos == 1 for client in reading)
        assert grown <= ROOM


def heard(clients: list[Client]) -> int:
    """The messages that every one of them has heard of."""
    return min(client.told["message"] for client in clients)


def slow_ones(web: Web) -> int:
    """How many the server has cut off since they did not read."""
    return sum(bool(re.search(r'"live_closed", "code": 4008', line)) for line in list(web.said))


def resident(web: Web) -> int:
    """Bytes of memory that it has."""
    return int(Path(f"/proc/{web.pid}/statm").read_text().split()[1]) * 4096


def test_after_a_kill_all_come_back_spread_over_some_seconds(
    tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    port = free_ports[0]
    with parts(tmp_path) as platform, CutLine(port) as line, Clients() as clients:
        web, weather = platform.serve(port), Weather(platform.smtp, seed=4)
        crowd = clients.follow(line.url, 100, wait=as_told)
        wait_for(lambda: all(client.connected for client in crowd), "the crowd")
        for _ in range(10):
            weather.blow()
        web.kill()
        came = len(line.reached)
        for _ in range(10):
            weather.blow()
        platform.webs.remove(web)
        web = platform.serve(port)
        wait_for(lambda: all(client.hellos > 1 for client in crowd), "all to be back")
        log = weather.settled(web)
        for client in crowd:
            followed(client, log)
        assert busiest_second(line.reached[came:]) <= HERD
