"""Clients whose connections are cut, whose servers are killed, who go away and come back."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from live import wait_for
from support.cut_line import CutLine
from support.live_followers import Clients
from support.live_platform import Weather, followed, knows_what_is_served, parts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CUTS, KILLS = 200, 4
#: Bytes of the answers after which a connection ends by itself: in a handshake, within a frame.
LONGEST = 60_000


def test_two_hundred_cuts_and_four_kills_lose_no_event_and_bring_none_twice(
    tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    chance, port = random.Random(4), free_ports[0]

    def after() -> int | None:
        return chance.choice((None, chance.randint(1, 500), chance.randint(1, LONGEST)))

    with (
        parts(tmp_path) as platform,
        CutLine(port, after) as one,
        CutLine(port, after) as other,
        Clients() as clients,
    ):
        web = platform.serve(port)
        weather = Weather(platform.smtp)
        (newest,) = clients.follow(one.url, keep=True)
        (each,) = clients.follow(other.url, keep=True, coalesce=False)
        kills = 0
        while (done := min(one.cuts, other.cuts)) < CUTS:
            weather.blow()
            one.cut()
            other.cut()
            time.sleep(chance.uniform(0, 0.1))
            if done >= (kills + 1) * CUTS // (KILLS + 1):
                web = platform.restart(web)
                kills += 1
        log = weather.settled(web)
        followed(newest, log)
        followed(each, log)
        assert kills == KILLS
        assert each.events == log
        knows_what_is_served(newest, web)
        knows_what_is_served(each, web)


def test_who_moves_between_two_servers_misses_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    with parts(tmp_path) as platform, Clients() as clients:
        ports = [platform.serve().web, platform.serve().web]
        with CutLine(lambda: chance.choice(ports)) as line:
            weather = Weather(platform.smtp, seed=2)
            (newest,) = clients.follow(line.url, keep=True)
            (each,) = clients.follow(line.url, coalesce=False)
            while line.cuts < 80:
                weather.blow()
                line.cut()
                time.sleep(chance.uniform(0, 0.1))
            log = weather.settled(platform.webs[0])
            followed(newest, log)
            followed(each, log)
            assert each.events == log
            for web in platform.webs:
                knows_what_is_served(newest, web)


def test_who_was_away_hears_what_happened_meanwhile(tmp_path: Path) -> None:
    with parts(tmp_path) as platform, Clients() as clients:
        web = platform.serve()
        with CutLine(web.web) as line:
            (newest,) = clients.follow(line.url, keep=True)
            (each,) = clients.follow(line.url, coalesce=False)
            weather = Weather(platform.smtp, seed=3)
            weather.blow()
            wait_for(lambda: newest.newest and each.events, "the first events")
            line.away = True
            line.cut()
            for _ in range(20):
                weather.blow()
            log = weather.settled(web)
            before = newest.position
            assert before is not None
            assert before < log[-1][0]
            line.away = False
            followed(newest, log)
            followed(each, log)
            assert each.events == log
            knows_what_is_served(newest, web)
