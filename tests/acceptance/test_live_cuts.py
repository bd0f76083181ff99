"""Clients whose connections are cut, whose servers are killed, who go away and come back."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from live import wait_for
from support.cut_line import CutLine
from support.live_followers import Client, Clients
from support.live_platform import Weather, followed, knows_what_is_served, parts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CUTS, KILLS = 200, 4
#: Bytes of the answers after which some connections end by themselves: in the handshake, within a
#: frame.
SHORT, LONG = 400, 40_000


def hurried(_tries: int) -> float:
    """Seconds before another try: it is the number of cuts that matters here."""
    return random.uniform(0, 0.03)


def greeted(times: int, *clients: Client) -> None:
    """They were there more often than that: a cut in a handshake is one of the harmless."""
    wait_for(lambda: all(client.hellos > times for client in clients), "the clients to be there")


def test_two_hundred_cuts_and_four_kills_lose_no_event_and_bring_none_twice(
    tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    chance, port = random.Random(4), free_ports[0]

    def after() -> int | None:
        return chance.choice((None, None, chance.randint(1, SHORT), chance.randint(1, LONG)))

    with (
        parts(tmp_path) as platform,
        CutLine(port, after) as one,
        CutLine(port, after) as other,
        Clients() as clients,
    ):
        web, weather = platform.serve(port), Weather(platform.smtp)
        (newest,) = clients.follow(one.url, keep=True, wait=hurried)
        (each,) = clients.follow(other.url, keep=True, wait=hurried, coalesce=False)
        for number in range(CUTS):
            weather.blow()
            greeted(number, newest, each)
            time.sleep(chance.uniform(0, 0.05))
            one.cut()
            other.cut()
            if number % (CUTS // KILLS) == CUTS // KILLS // 2:
                web = platform.restart(web)
        one.whole = other.whole = True
        log = weather.settled(web)
        followed(newest, log)
        followed(each, log)
        assert each.events == log
        knows_what_is_served(newest, web)
        knows_what_is_served(each, web)


def test_who_moves_between_two_servers_misses_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    with parts(tmp_path) as platform, Clients() as clients:
        ports = [platform.serve().web, platform.serve().web]
        with CutLine(lambda: chance.choice(ports)) as line:
            weather = Weather(platform.smtp, seed=2)
            (newest,) = clients.follow(line.url, keep=True, wait=hurried)
            (each,) = clients.follow(line.url, wait=hurried, coalesce=False)
            for number in range(60):
                weather.blow()
                greeted(number, newest, each)
                line.cut()
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
