"""Where a stream goes on, and when it cannot: `reset`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from prodiguer.ports.live import LARGEST
from prodiguer.storage.pruning import CHUNK, prune_events
from prodiguer.web.limits import Limits
from support.live_door import Live
from support.live_story import head, hear, keep, long_news, news
from support.web import Client
from support.web_platform import JOB, RUN, Platform


def add(platform: Platform, number: int, kind: str = "job", uid: str = JOB) -> int:
    """So many events about one object in one transaction; the position after them."""
    with platform.store.unit("test") as unit:
        for _ in range(number):
            unit.events.add(kind, uid, simulation_uid=RUN)
    return head(platform.store)


@pytest.mark.bad_input("B128")
@pytest.mark.parametrize(
    "since",
    ["-1", "1000000", "9" * 18, "9" * 30, "text", "1.5", "1e3", "*", "0x10", "\u0661", "null"],
)
def test_from_a_position_that_cannot_be_all_is_loaded_again(
    platform: Platform, client: Client, since: str
) -> None:
    with Live(client.address, since=since) as live:
        assert live.hello["seq"] == head(platform.store)
        assert live.frame() == {"type": "reset", "seq": live.hello["seq"]}

        end = hear(platform, news(1))
        assert len(live.until(end)) == 2


@pytest.mark.bad_input("B128")
def test_what_the_log_no_longer_has_is_loaded_again(platform: Platform) -> None:
    first = add(platform, 50)
    while prune_events(platform.store, 10, platform.clock.now() - timedelta(days=7)):
        pass
    client = platform.serve()

    with Live(client.address, since=first - 11) as live:
        assert live.hello["seq"] == first - 11
        assert live.next() == [{"type": "reset", "seq": first}]
    with Live(client.address, since=first - 10, coalesce="no") as live:
        assert [event["seq"] for event in live.until(first)] == [*range(first - 9, first + 1)]


@pytest.mark.parametrize("coalesce", ["yes", "no"])
@pytest.mark.parametrize("memory", [Limits(), Limits(live_events=2), Limits(live_room=1)])
def test_whoever_is_far_behind_is_told_from_the_log(
    platform: Platform, memory: Limits, coalesce: str
) -> None:
    since = head(platform.store)
    add(platform, 3000)
    add(platform, 10, "simulation", RUN)
    end = add(platform, 700)
    client = platform.serve(limits=memory)

    with Live(client.address, since=since, coalesce=coalesce) as live:
        told = [(event["type"], event["seq"]) for event in live.until(end)]
        after = hear(platform, news(1))
        live.until(after)

    if coalesce == "yes":
        assert told == [("simulation", end - 700), ("job", end)]
    else:
        assert [seq for _, seq in told] == list(range(since + 1, end + 1))


def test_after_a_rebuild_all_is_loaded_again(platform: Platform, client: Client) -> None:
    since = head(platform.store)
    with Live(client.address, type="mail", simulation=RUN) as live, Live(client.address) as other:
        hear(platform, news(1))
        with platform.store.unit("rebuild") as unit:
            unit.events.add("reset", "")
        end = head(platform.store)

        assert live.next() == [{"type": "reset", "seq": end}]
        assert other.until(end)[-1] == {"type": "reset", "seq": end}
    after = hear(platform, news(2))
    with Live(platform.serve().address, since=since) as late:
        assert late.next() == [{"type": "reset", "seq": end}]
        assert {event["type"] for event in late.until(after)} == {"job", "simulation"}


def test_what_is_too_large_is_told_without_it(platform: Platform, client: Client) -> None:
    with Live(client.address, type="message") as live:
        end = keep(platform, long_news(1, LARGEST - 1000), long_news(2, LARGEST), news(3))
        told = live.until(end)

    assert [event["data"] is None for event in told] == [False, True, False]
    assert client.get(f"/api/v1/messages/{told[1]['uid']}").status == 200


def test_large_events_come_in_frames_of_their_own(platform: Platform, client: Client) -> None:
    size = LARGEST // 2
    with Live(client.address, type="message") as live:
        end = keep(platform, *(long_news(number, size) for number in range(60)))
        told = live.until(end)

    assert [event["data"]["body"]["command"] for event in told] == ["x" * size] * 60
    assert max(len(str(frame)) for frame in live.frames) < 3 * size


def test_types_that_nobody_wanted_are_found_by_who_comes_later(
    platform: Platform, client: Client
) -> None:
    with Live(client.address, type="job") as live:
        since = live.seq
        keep(platform, news(1))
        end = hear(platform, news(1))
        live.until(end - 1)
        live.say({"type": "ping"})

        with Live(client.address, since=since, type="message,simulation") as late:
            told = late.until(end)

    assert [(event["type"], event["data"]["uid"]) for event in told] == [
        ("message", news(1).uid),
        ("simulation", RUN),
    ]


def test_the_position_moves_on_past_what_is_not_for_the_client(
    platform: Platform, client: Client
) -> None:
    with Live(client.address, type="mail") as live, Live(client.address) as other:
        end = hear(platform, news(1))
        other.until(end)

        assert live.say({"type": "ping"})["seq"] == end


def test_figures_come_to_those_that_ask(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_stats=0.05))
    with Live(client.address, type="stats") as live, Live(client.address) as other:
        frame: dict[str, Any] = live.frame()
        assert set(frame) == {"type", "seq", "at", "data"}
        assert frame["data"].keys() == client.get("/api/v1/stats").json.keys()
        assert frame["seq"] == live.seq
        assert live.frame()["type"] == "stats"
        assert other.say({"type": "ping"})["type"] == "pong"


def test_pruning_goes_on_in_small_steps_and_leaves_the_newest(platform: Platform) -> None:
    end = add(platform, 2 * CHUNK)
    later = platform.clock.now() + timedelta(days=8)

    gone = []
    while count := prune_events(platform.store, 0, later):
        gone.append(count)

    assert max(gone) <= CHUNK
    assert sum(gone) == end - 1
    assert platform.services.log.bounds() == (end, end)
    assert add(platform, 1) == end + 1


def test_pruning_by_age_leaves_what_is_young(platform: Platform) -> None:
    end = head(platform.store)
    platform.clock.time += timedelta(days=10)
    add(platform, 5)

    while prune_events(platform.store, 1_000_000, platform.clock.now() - timedelta(days=7)):
        pass

    assert platform.services.log.bounds() == (end + 1, end + 5)
