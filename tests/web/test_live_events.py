"""Events as they happen: hello, what comes after it, resuming, coalescing, filters."""

from __future__ import annotations

from typing import Any

import pytest

from prodiguer.ports.queries import Paging, SimulationFilter
from support.live_door import Live
from support.live_story import head, hear, keep, news
from support.monitoring import say
from support.web import Client
from support.web_platform import DONE, GONE, JOB, LETTER, RUN, Platform, uid

Told = list[dict[str, Any]]


def about(events: Told) -> list[tuple[str, str]]:
    return [(event["type"], event["uid"]) for event in events]


def test_the_first_frame_says_from_where_it_goes_on(platform: Platform, client: Client) -> None:
    with Live(client.address) as live:
        assert live.hello["seq"] == head(platform.store)
        assert set(live.hello) == {"type", "seq", "at"}
        assert live.hello["at"].endswith("Z")


def test_what_happens_is_told_as_http_shows_it(platform: Platform, client: Client) -> None:
    with Live(client.address) as live:
        end = hear(platform, news(1))
        events = live.until(end)

    assert about(events) == [("job", JOB), ("simulation", RUN)]
    (shown,) = [
        each
        for each in client.get("/api/v1/simulations", tries="all").json["items"]
        if each["uid"] == RUN
    ]
    assert events[1]["data"] == shown
    assert events[0]["data"] == client.get(f"/api/v1/jobs/{JOB}").json


def test_a_client_that_comes_back_is_told_what_it_missed(
    platform: Platform, client: Client
) -> None:
    with Live(client.address) as live:
        since = live.seq
    end = hear(platform, news(1))

    with Live(client.address, since=since) as live:
        assert live.hello["seq"] == since
        assert about(live.until(end)) == [("job", JOB), ("simulation", RUN)]


def test_of_each_object_the_newest_event_alone_is_told(platform: Platform, client: Client) -> None:
    since = head(platform.store)
    for number in range(20):
        end = hear(platform, news(number))

    with Live(client.address, since=since) as live:
        assert about(live.until(end)) == [("job", JOB), ("simulation", RUN)]
    with Live(client.address, since=since, coalesce="no") as live:
        events = live.until(end)
    assert about(events) == [("job", JOB), ("simulation", RUN)] * 20
    assert [event["seq"] for event in events] == list(range(since + 1, end + 1))


def test_a_client_gets_the_types_that_it_asks_for(platform: Platform, client: Client) -> None:
    with Live(client.address, type="job,message") as live:
        hear(platform, news(1))
        end = keep(platform, news(2))
        events = live.until(end)

    assert about(events) == [("job", JOB), ("message", news(2).uid)]
    assert events[1]["data"] == client.get(f"/api/v1/messages/{news(2).uid}").json


def test_a_client_of_one_run_is_told_of_nothing_else(platform: Platform, client: Client) -> None:
    with Live(client.address, simulation=RUN, type="simulation") as live:
        hear(platform, news(1, run=DONE, job=uid("done job")))
        platform.store.dead_letters.drop(LETTER)
        end = hear(platform, news(2))

        assert about(live.until(end)) == [("simulation", RUN)]


@pytest.mark.parametrize(
    ("query", "runs"),
    [
        ({"machine": "irene"}, [DONE]),
        ({"machine": "curie"}, [RUN]),
        ({"state": "error"}, []),
        ({"q": "MIP"}, [DONE]),
        ({"q": "pi*rol"}, [RUN]),
        ({"q": "*x*"}, []),
        ({"tries": "active"}, [RUN, DONE]),
        ({"since_activity": "2199-01-01T00:00:00Z"}, []),
        ({"since_activity": "*"}, [RUN, DONE]),
    ],
)
def test_filters_are_those_of_the_list(
    platform: Platform, client: Client, query: dict[str, str], runs: list[str]
) -> None:
    with Live(client.address, type="simulation", **query) as live, Live(client.address) as all_:
        hear(platform, news(1))
        end = hear(platform, news(2, run=DONE, job=uid("done job")))
        all_.until(end)
        position = live.say({"type": "ping"})
        told = []
        while position["type"] != "pong":
            told += [event["uid"] for event in position.get("events", [position])]
            position = live.frame()

    assert told == runs
    assert position["seq"] == end


def test_what_is_deleted_has_no_data(platform: Platform, client: Client) -> None:
    with Live(client.address, state="error", machine="curie") as live:
        end = hear(platform, say("8888", 200, run=RUN, uid=uid("the end of it")))
        (gone,) = live.until(end)

    assert (gone["type"], gone["uid"], gone["data"]) == ("simulation", RUN, None)


def test_dead_letters_and_mails_come_and_go(platform: Platform, client: Client) -> None:
    with Live(client.address, type="dead-letter") as live:
        platform.store.dead_letters.mark_resent(LETTER, platform.clock.now())
        (resent,) = live.next()
        platform.store.dead_letters.drop(LETTER)
        (dropped,) = live.next()

    assert (resent["uid"], resent["data"]["resent_at"] is not None) == (LETTER, True)
    assert (dropped["uid"], dropped["data"]) == (LETTER, None)


def test_events_without_a_run_pass_no_filter_of_runs(platform: Platform, client: Client) -> None:
    with Live(client.address, machine="curie") as live, Live(client.address) as other:
        platform.store.dead_letters.drop(LETTER)
        assert about(other.next()) == [("dead-letter", LETTER)]
        end = hear(platform, news(1))
        assert about(live.until(end)) == [("job", JOB), ("simulation", RUN)]


def test_a_run_that_was_deleted_before_is_told_as_gone(platform: Platform, client: Client) -> None:
    with Live(client.address, since=0, type="simulation") as live:
        told = {event["uid"]: event["data"] for event in live.count(3)}

    assert told[GONE] is None
    assert told[RUN]["uid"] == RUN


@pytest.mark.parametrize("query", ["100%", "a_c", "p*", "*l", "*", "PICONTROL", "é", "e\u0301"])
def test_a_search_means_the_same_as_in_the_list(
    platform: Platform, client: Client, query: str
) -> None:
    names = ["piControl", "100%", "a_c", "abc", "caf\u00e9", "cafe\u0301", "p", "100"]
    runs = {name: uid(f"named {name}") for name in names}
    with Live(client.address, type="simulation", q=query) as live, Live(client.address) as all_:
        for name, run in runs.items():
            end = hear(platform, say("0000", 0, run=run, job=uid(run), name=name, uid=uid(run)))
        all_.until(end)
        told, frame = set(), live.say({"type": "ping"})
        while frame["type"] != "pong":
            told |= {event["uid"] for event in frame.get("events", [frame])}
            frame = live.frame()

    which = SimulationFilter(q=query, all_tries=True)
    listed = platform.services.queries.simulations(which, Paging(limit=100), platform.clock.now())
    assert told & set(runs.values()) == {each["uid"] for each in listed.items} & set(runs.values())


def test_a_client_may_move_between_servers(platform: Platform) -> None:
    one, other = platform.serve(), platform.serve()
    told: Told = []
    with Live(one.address, coalesce="no") as live:
        since = live.seq
        told += live.until(hear(platform, news(1)))
        position = live.seq
    hear(platform, news(2))
    with Live(other.address, since=position, coalesce="no") as live:
        end = hear(platform, news(3))
        told += live.until(end)

    assert [event["seq"] for event in told] == list(range(since + 1, end + 1))
