"""The list of runs and one run in detail, as readers see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from store_harness import SqliteHarness

from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import Placing
from prodiguer.errors import Refused
from prodiguer.ports.queries import (
    SIMULATION_FACETS,
    JobFilter,
    MessageFilter,
    Paging,
    Queries,
    SimulationFilter,
)
from support.monitoring import T0, at, say
from support.reading import OTHER, RUN, THIRD, a_job, a_run, save, tell, uid

FIRST = Paging()


def listed(queries: Queries, **which: Any) -> list[str]:
    """The names of the runs that pass, sorted."""
    items = queries.simulations(SimulationFilter(**which), FIRST, T0).items
    return sorted(item["name"] or "" for item in items)


def test_a_run_is_shown_with_all_that_its_messages_say(
    database: SqliteHarness, queries: Queries
) -> None:
    announcement = {"experiment": "historical", "startDate": "18500101", "endDate": "18591231"}
    tell(
        database.store,
        say("0000", 0, run=RUN, job=uid(100), accountingProject="gen0001", **announcement),
        say("1001", 10, run=RUN, job=uid(100), CumulPeriod="1", PeriodDateBegin="18500101",
            PeriodDateEnd="18541231"),
    )  # fmt: skip

    page = queries.simulations(SimulationFilter(), FIRST, at(20))

    (run,) = page.items
    assert (page.total, page.total_at_least, page.next) == (1, None, None)
    assert run.pop("progress") == pytest.approx(0.5, abs=0.001)
    none = {"queued": 0, "running": 0, "complete": 0, "late": 0, "error": 0}
    assert run == {
        "uid": RUN,
        "name": "piControl",
        "state": "running",
        "activity": None,
        "centre": "ipsl",
        "machine": "curie",
        "login": "u000001",
        "experiment": "historical",
        "model": "ipsl-cm6",
        "space": "prod",
        "accounting_project": "gen0001",
        "output_start": "18500101",
        "output_end": "18591231",
        "started_at": T0,
        "ended_at": None,
        "late_at": T0 + timedelta(seconds=86_700),
        "last_message_at": at(10),
        "try": 1,
        "tries": 1,
        "active": True,
        "jobs": {
            "compute": {**none, "running": 1},
            "post_processing": none,
            "checker": none,
        },
        "flags": [],
        "revision": 2,
    }


def test_a_run_becomes_late_by_the_clock_alone(database: SqliteHarness, queries: Queries) -> None:
    save(database.store, a_run(late_at=at(100)), jobs=[a_job(late_at=at(100))])
    save(database.store, a_run(2, state="queued"), a_run(3, state="complete", late_at=None))

    def states(seconds: float, **words: str) -> list[str]:
        which = SimulationFilter(words=words, sort="name")
        return [r["state"] for r in queries.simulations(which, FIRST, at(seconds)).items]

    assert states(100) == ["running", "queued", "complete"]
    assert states(101) == ["late", "queued", "complete"]
    assert states(100, state="late") == []
    assert states(101, state="late") == ["late"]
    assert states(100, state="running") == ["running"]
    assert states(101, state="running") == []
    counts = queries.simulations(SimulationFilter(), FIRST, at(101)).items[-1]["jobs"]["compute"]
    assert (counts["late"], counts["running"]) == (1, 0)


@pytest.mark.parametrize("name", [name for name in SIMULATION_FACETS if name != "state"])
def test_each_word_is_a_filter(name: str, database: SqliteHarness, queries: Queries) -> None:
    save(
        database.store,
        a_run(1, name="a", **{name: "this"}),
        a_run(2, name="b", **{name: "THIS"}),
        a_run(3, name="c", **{name: None}),
    )

    assert listed(queries, words={name: "this"}) == ["a"]
    assert listed(queries, words={name: "null"}) == []


def test_filters_add_up(database: SqliteHarness, queries: Queries) -> None:
    save(
        database.store,
        a_run(1, name="a", machine="m", login="x", last_message_at=at(10)),
        a_run(2, name="b", machine="m", login="y", last_message_at=at(20)),
        a_run(3, name="c", machine="n", login="y", last_message_at=at(30)),
    )

    assert listed(queries, words={"machine": "m", "login": "y"}) == ["b"]
    assert listed(queries, words={"login": "y"}, since=at(30)) == ["c"]
    assert listed(queries, since=at(20)) == ["b", "c"]
    assert listed(queries, since=at(31)) == []


def test_a_word_that_is_no_filter_is_refused(queries: Queries) -> None:
    with pytest.raises(Refused) as refused:
        queries.simulations(SimulationFilter(words={"password": "x"}), FIRST, T0)

    assert refused.value.code == "password"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("control", ["PIcontrol", "control-2"]),
        ("PICONTROL", ["PIcontrol"]),
        ("pi*", ["PIcontrol"]),
        ("*control", ["PIcontrol"]),
        ("*control*", ["PIcontrol", "control-2"]),
        ("c*2", ["cafe\u0301 2", "control-2"]),
        ("c**2", ["cafe\u0301 2", "control-2"]),
        ("c*l*-*2", ["control-2"]),
        ("ontrol*", []),
        (
            "*",
            ["100%", "PIcontrol", "a\\b", "caf\u00e9", "cafe\u0301 2", "control-2", "snake_case"],
        ),
        ("%", ["100%"]),
        ("_", ["snake_case"]),
        ("e_c", ["snake_case"]),
        ("l_2", []),
        ("\\", ["a\\b"]),
        ("a\\*", ["a\\b"]),
        ("\\%", []),
        ("caf\u00e9", ["caf\u00e9", "cafe\u0301 2"]),
        ("cafe\u0301", ["caf\u00e9", "cafe\u0301 2"]),
        ("' OR 1=1 --", []),
        ("x" * 200, []),
    ],
)
def test_a_text_finds_names(
    query: str, found: list[str], database: SqliteHarness, queries: Queries
) -> None:
    names = ["PIcontrol", "control-2", "100%", "snake_case", "a\\b", "caf\u00e9", "cafe\u0301 2"]
    runs = [a_run(number, name=name) for number, name in enumerate(names, 1)]
    save(database.store, *runs, a_run(99, name=None))

    assert listed(queries, q=query) == sorted(found)


def test_active_tries_are_listed_and_all_on_request(
    database: SqliteHarness, queries: Queries
) -> None:
    save(
        database.store,
        a_run(1, name="old", identity="i"),
        a_run(2, name="new", identity="i", announced=Stamp(at(10), uid(2))),
        a_run(3, name="deleted", deleted_at=T0),
        placings=[Placing(RUN, 1, 2, False, False), Placing(OTHER, 2, 2, True, False)],
    )

    active = queries.simulations(SimulationFilter(), FIRST, T0)
    every = queries.simulations(SimulationFilter(all_tries=True), FIRST, T0)

    assert [(r["name"], r["try"], r["tries"]) for r in active.items] == [("new", 2, 2)]
    assert {(r["name"], r["active"]) for r in every.items} == {("old", False), ("new", True)}
    assert (active.total, every.total) == (1, 2)


def test_jobs_are_counted_by_kind_and_state(database: SqliteHarness, queries: Queries) -> None:
    save(
        database.store,
        a_run(1),
        a_run(2),
        jobs=[
            a_job(100, state="complete", ended_at=at(1)),
            a_job(101, state="complete", ended_at=at(2)),
            a_job(102, state="error", kind="post_processing", ended_at=at(2)),
            a_job(103, late_at=at(5), kind="post_processing"),
            a_job(104, late_at=at(50), kind="checker"),
            a_job(104, run=OTHER, state="error", ended_at=at(2)),
        ],
    )

    items = queries.simulations(SimulationFilter(sort="name"), FIRST, at(10)).items

    counted = [
        {
            (kind, state): n
            for kind, states in item["jobs"].items()
            for state, n in states.items()
            if n
        }  # type: ignore[attr-defined]  # values of a TypedDict are objects to mypy
        for item in items
    ]
    assert counted == [
        {
            ("compute", "complete"): 2,
            ("post_processing", "error"): 1,
            ("post_processing", "late"): 1,
            ("checker", "running"): 1,
        },
        {("compute", "error"): 1},
    ]


def test_a_run_in_detail_has_its_card_its_paths_and_its_tries(
    database: SqliteHarness, queries: Queries
) -> None:
    tell(
        database.store,
        say("0000", 0, run=RUN, job=uid(100), archivePath="/old"),
        say("1999", 5, run=RUN, job=uid(100)),
        say("0000", 10, run=OTHER, job=uid(101), archivePath="/a", storagePath="/s",
            storageSmallPath="/t", jobSubmissionPath="/w", jobSchedulerID="4711",
            configuration="W1VzZXJDaG9pY2VzXQ=="),
        say("0000", 20, run=THIRD, job=uid(102), name="another"),
    )  # fmt: skip

    run = queries.simulation(OTHER, at(20))

    assert run is not None
    assert (run["archive_path"], run["storage_path"], run["storage_small_path"]) == (
        "/a",
        "/s",
        "/t",
    )
    assert (run["submission_path"], run["scheduler_id"]) == ("/w", "4711")
    assert run["config_card"] == "[UserChoices]"
    assert (run["try"], run["tries"], run["jobs"]["compute"]["running"]) == (2, 2, 1)
    assert run["all_tries"] == [
        {"uid": RUN, "number": 1, "active": False, "state": "error", "started_at": T0},
        {"uid": OTHER, "number": 2, "active": True, "state": "running", "started_at": at(10)},
    ]


def test_a_run_that_was_never_announced_is_its_only_try(
    database: SqliteHarness, queries: Queries
) -> None:
    tell(database.store, say("1000", 0, run=RUN, job=uid(100)))

    run = queries.simulation(RUN, at(1))

    assert run is not None
    assert [(t["uid"], t["number"]) for t in run["all_tries"]] == [(RUN, 1)]
    assert (run["name"], run["config_card"]) == (None, None)


def test_a_deleted_run_is_gone_but_its_messages_stay(
    database: SqliteHarness, queries: Queries
) -> None:
    tell(
        database.store,
        say("0000", 0, run=RUN, job=uid(100)),
        say("1001", 1, run=RUN, job=uid(100), CumulPeriod="1", PeriodDateBegin="18500101",
            PeriodDateEnd="18501231"),
    )  # fmt: skip
    assert queries.visible(RUN)

    tell(database.store, say("8888", 2, run=RUN))

    assert queries.simulation(RUN, at(3)) is None
    assert not queries.visible(RUN)
    assert queries.simulations(SimulationFilter(all_tries=True), FIRST, at(3)).total == 0
    assert queries.jobs(JobFilter(), FIRST, at(3)).items == []
    assert queries.jobs(JobFilter(simulation=RUN), FIRST, at(3)).total == 0
    assert queries.job(uid(100), at(3)) is None
    assert queries.periods(RUN, FIRST).items == []
    assert queries.timeline(RUN, FIRST).items == []
    assert queries.messages(MessageFilter(simulation=RUN), FIRST).total == 3


def test_there_is_no_run_of_an_unknown_uid(queries: Queries) -> None:
    assert queries.simulation(RUN, T0) is None
    assert not queries.visible(RUN)
