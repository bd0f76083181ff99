"""Jobs as readers see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from store_harness import SqliteHarness

from prodiguer.errors import Refused
from prodiguer.ports.queries import JobFilter, Paging, Queries
from support.monitoring import T0, at, say
from support.reading import OTHER, RUN, a_job, a_run, save, tell, uid

FIRST = Paging()


def listed(queries: Queries, seconds: float = 0, **which: Any) -> list[str]:
    """The uids of the jobs that pass, sorted."""
    items = queries.jobs(JobFilter(**which), FIRST, at(seconds)).items
    return sorted(item["uid"] for item in items)


def test_a_job_is_shown_with_all_that_its_messages_say(
    database: SqliteHarness, queries: Queries
) -> None:
    job = uid(100)
    tell(
        database.store,
        say("0000", 0, run=RUN, job=uid(99)),
        say("2000", 5, run=RUN, job=job, accountingProject="gen0001", jobWarningDelay="60",
            jobSchedulerID="4711", jobSubmissionPath="/w", postProcessingName="pack",
            postProcessingDate="18501231", postProcessingDimn="2D", postProcessingComp="ATM",
            postProcessingFile="f.nc"),
        say("2900", 6, run=RUN, job=job, command="cp a b"),
        say("2900", 7, run=RUN, job=job, command="cp c d"),
    )  # fmt: skip

    (found,) = queries.jobs(JobFilter(kind="post_processing"), FIRST, at(10)).items

    assert found == {
        "uid": job,
        "simulation_uid": RUN,
        "kind": "post_processing",
        "state": "running",
        "started_at": at(5),
        "ended_at": None,
        "late_at": at(5 + 60 + 300),
        "accounting_project": "gen0001",
        "scheduler_id": "4711",
        "submission_path": "/w",
        "warning_delay": 60,
        "post_processing": {
            "name": "pack",
            "date": "18501231",
            "dimension": "2D",
            "component": "ATM",
            "file": "f.nc",
        },
        "failed_commands": 2,
        "last_message_at": at(7),
        "flags": [],
    }
    assert queries.job(job, at(10)) == found


def test_each_filter_narrows_the_list(database: SqliteHarness, queries: Queries) -> None:
    save(
        database.store,
        a_run(1),
        a_run(2),
        jobs=[
            a_job(100, late_at=at(10), last_message_at=at(1)),
            a_job(101, late_at=at(20), kind="checker", last_message_at=at(2)),
            a_job(102, state="error", ended_at=at(1), last_message_at=at(3)),
            a_job(103, state="complete", ended_at=at(1), run=OTHER, last_message_at=at(4)),
            a_job(104, late_at=None, run=OTHER, last_message_at=at(5)),
        ],
    )

    assert listed(queries, simulation=OTHER) == [uid(103), uid(104)]
    assert listed(queries, kind="checker") == [uid(101)]
    assert listed(queries, since=at(4)) == [uid(103), uid(104)]
    assert listed(queries, state="error") == [uid(102)]
    assert listed(queries, 15, state="late") == [uid(100)]
    assert listed(queries, 15, state="running") == [uid(101), uid(104)]
    assert listed(queries, 10, state="late") == []
    assert listed(queries, 21, state="late", kind="checker") == [uid(101)]
    assert listed(queries, state="queued") == []
    assert listed(queries, simulation=RUN, state="complete") == []


@pytest.mark.parametrize("sort", ["state", "-state", "kind", "-kind"])
def test_a_filter_and_a_sort_by_the_same_word_agree(
    sort: str, database: SqliteHarness, queries: Queries
) -> None:
    jobs = [a_job(100, late_at=at(10)), a_job(101, kind="checker"), a_job(102, state="complete")]
    save(database.store, a_run(1), jobs=jobs)

    assert listed(queries, 11, state="late", sort=sort) == [uid(100)]
    assert listed(queries, 11, state="running", sort=sort) == [uid(101)]
    assert listed(queries, 11, kind="checker", sort=sort) == [uid(101)]
    assert listed(queries, 11, state="complete", kind="compute", sort=sort) == [uid(102)]


def test_of_jobs_that_share_a_uid_the_one_heard_of_last_is_shown(
    database: SqliteHarness, queries: Queries
) -> None:
    jobs = [a_job(100, last_message_at=at(5)), a_job(100, run=OTHER, last_message_at=at(3))]
    save(database.store, a_run(1), a_run(2), jobs=jobs)

    both = queries.jobs(JobFilter(sort="last_message_at"), FIRST, T0)
    one = queries.job(uid(100), T0)

    assert [item["simulation_uid"] for item in both.items] == [OTHER, RUN]
    assert one is not None
    assert one["simulation_uid"] == RUN


def test_failed_commands_are_counted_for_each_run_apart(
    database: SqliteHarness, queries: Queries
) -> None:
    tell(
        database.store,
        say("1900", 1, run=RUN, job=uid(100)),
        say("1900", 2, run=OTHER, job=uid(100)),
        say("1900", 3, run=OTHER, job=uid(100)),
        say("1900", 4, run=OTHER, job=uid(101)),
    )

    items = queries.jobs(JobFilter(sort="last_message_at"), FIRST, at(5)).items

    assert [(i["simulation_uid"], i["uid"], i["failed_commands"]) for i in items] == [
        (RUN, uid(100), 1),
        (OTHER, uid(100), 2),
        (OTHER, uid(101), 1),
    ]


def test_there_is_no_job_of_an_unknown_uid(queries: Queries) -> None:
    assert queries.job(uid(1), T0) is None


def test_an_unknown_sort_is_refused_with_the_known_ones(queries: Queries) -> None:
    with pytest.raises(Refused, match="last_message_at") as refused:
        queries.jobs(JobFilter(sort="facts"), FIRST, T0 + timedelta(1))

    assert refused.value.code == "sort"
