"""The periods and the timeline of a run."""

from __future__ import annotations

import pytest
from store_harness import SqliteHarness

from prodiguer import Message
from prodiguer.ports.queries import Paging, Queries
from support.monitoring import at, say
from support.reading import OTHER, RUN, tell, uid, walked

JOB = uid(100)


def period(seconds: float, number: str, begin: str, end: str, run: str = RUN) -> Message:
    return say(
        "1001",
        seconds,
        run=run,
        job=JOB,
        CumulPeriod=number,
        PeriodDateBegin=begin,
        PeriodDateEnd=end,
    )


def test_periods_come_in_the_order_in_which_they_began(
    database: SqliteHarness, queries: Queries
) -> None:
    tell(
        database.store,
        period(20, "2", "18510101", "18511231"),
        period(10, "", "18500101", "18501231"),
        period(15, "1", "18500101", "18501231", run=OTHER),
    )

    page = queries.periods(RUN, Paging())

    assert page.total == 2
    assert page.items[1] == {
        "simulation_uid": RUN,
        "job_uid": JOB,
        "at": at(20),
        "number": 2,
        "begin": "18510101",
        "end": "18511231",
    }
    assert [(p["at"], p["number"]) for p in page.items] == [(at(10), 0), (at(20), 2)]


def test_periods_are_paged(database: SqliteHarness, queries: Queries) -> None:
    tell(database.store, *(period(n // 2, str(n), "18500101", "18501231") for n in range(1, 8)))

    items = walked(lambda paging: queries.periods(RUN, paging), 2)

    assert sorted(item["number"] or 0 for item in items) == list(range(1, 8))
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)


def test_the_timeline_tells_a_run_in_its_order(database: SqliteHarness, queries: Queries) -> None:
    tell(
        database.store,
        say("0100", 40, run=RUN, job=JOB),
        say("0000", 0, run=RUN, job=JOB),
        say("1900", 30, run=RUN, job=JOB, command="cp  a\n b"),
        say("0000", 5, run=OTHER, job=uid(101)),
    )

    page = queries.timeline(RUN, Paging())

    assert [(e["at"], e["code"], e["name"], e["text"]) for e in page.items] == [
        (at(0), "0000", "simulation starts", "simulation piControl starts on curie (ipsl)"),
        (
            at(30),
            "1900",
            "command failed in a compute job",
            "command failed in compute job: cp a b",
        ),
        (at(40), "0100", "simulation ends", "simulation ends"),
    ]
    assert {e["job_uid"] for e in page.items} == {JOB}
    assert page.total == 3


def test_messages_of_one_moment_stand_in_the_order_of_their_ids(
    database: SqliteHarness, queries: Queries
) -> None:
    ids = [uid(900 + n) for n in range(6)]
    tell(database.store, *(say("1000", 1, run=RUN, job=uid(n), uid=i) for n, i in enumerate(ids)))

    items = walked(lambda paging: queries.timeline(RUN, paging), 4)

    assert [item["message_uid"] for item in items] == ids


@pytest.mark.parametrize("ask", ["periods", "timeline"])
def test_a_run_that_is_unknown_has_no_history(ask: str, queries: Queries) -> None:
    page = getattr(queries, ask)(RUN, Paging())

    assert (page.items, page.next, page.total) == ([], None, 0)
