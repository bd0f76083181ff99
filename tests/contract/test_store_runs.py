"""Runs and jobs: facts in, facts out, and what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from store_harness import SqliteHarness
from store_kit import OTHER_RUN, RUN, after, ended, job, run_facts, simulation, texts, uid, undone

from prodiguer.domain.job import Job
from prodiguer.domain.job_state import compute_job
from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import ComputeJob, Placing, Simulation, Try


def save(
    database: SqliteHarness, *runs: Simulation, jobs: Sequence[Job] = (), messages: int = 1
) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_jobs(jobs)
        unit.runs.save_simulations(runs, messages={run.uid: messages for run in runs})


def compute_jobs(database: SqliteHarness, run: str = RUN) -> set[ComputeJob]:
    with database.store.unit("sim-mon") as unit:
        return set(unit.runs.compute_jobs([run])[run])


def place(database: SqliteHarness, *placings: Placing) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_placings(placings)


# --- facts ---------------------------------------------------------------------------------------


def test_nothing_is_known_of_a_new_run(database: SqliteHarness) -> None:
    with database.store.unit("sim-mon") as unit:
        assert unit.runs.lock([RUN, OTHER_RUN]) == {}
        assert unit.runs.lock([]) == {}
        assert unit.runs.jobs([(RUN, uid(100))]) == {}
        assert unit.runs.jobs([]) == {}


def test_the_facts_of_a_run_come_back_as_they_went(database: SqliteHarness) -> None:
    facts = run_facts()._replace(
        period_ends={"leap": (1850, 2, 28), "360d": (-12000, 2, 30)},
        needs_360d=True,
        deleted_at=after(9),
    )
    save(database, simulation(facts=facts))

    with database.store.unit("sim-mon") as unit:
        assert unit.runs.lock([RUN, OTHER_RUN]) == {RUN: facts}


def test_the_facts_of_a_job_come_back_as_they_went(database: SqliteHarness) -> None:
    done = ended(job(100, jobWarningDelay="7200", jobSchedulerID="4242"), "1999", 60)
    save(database, simulation(), jobs=[done])

    with database.store.unit("sim-mon") as unit:
        assert unit.runs.jobs([(RUN, uid(100)), (OTHER_RUN, uid(100))]) == {
            (RUN, uid(100)): done.facts
        }


@pytest.mark.bad_input("B069")
def test_one_job_id_in_two_runs_is_two_jobs(database: SqliteHarness) -> None:
    here, there = job(100), job(100, run=OTHER_RUN, at=500)
    save(database, simulation(), simulation(OTHER_RUN), jobs=[here, there])

    with database.store.unit("sim-mon") as unit:
        found = unit.runs.jobs([(RUN, uid(100)), (OTHER_RUN, uid(100))])

    assert found == {(RUN, uid(100)): here.facts, (OTHER_RUN, uid(100)): there.facts}
    assert database.totals()["jobs"] == 2


def test_a_save_replaces_what_was_saved(database: SqliteHarness) -> None:
    save(database, simulation(), jobs=[job(100)])
    save(database, simulation(name="renamed"), jobs=[ended(job(100), "1100", 60)])

    assert database.rows("simulations", "name") == ["renamed"]
    assert database.rows("jobs", "state", "end_code") == [("complete", "1100")]
    assert database.totals() == {"simulations": 1, "simulations_all": 1, "jobs": 1}


def test_many_runs_and_jobs_in_any_order(database: SqliteHarness) -> None:
    runs = [simulation(uid(n), name=f"run {n}") for n in range(3000, 0, -1)]
    jobs = [job(n, run=uid(n % 100 + 1), at=n) for n in range(3000, 0, -1)]
    save(database, *runs, jobs=jobs)

    with database.store.unit("sim-mon") as unit:
        assert len(unit.runs.lock([run.uid for run in runs])) == 3000
        assert len(unit.runs.jobs([(j.simulation_uid, j.uid) for j in jobs])) == 3000
    assert database.totals() == {"simulations": 3000, "simulations_all": 3000, "jobs": 3000}


def test_the_revision_grows_by_the_new_messages(database: SqliteHarness) -> None:
    save(database, simulation(), simulation(OTHER_RUN), messages=3)
    save(database, simulation(), messages=2)
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_simulations([simulation()], messages={})

    assert database.rows("simulations", "uid", "revision") == [(RUN, 5), (OTHER_RUN, 3)]


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", texts())
def test_a_run_may_have_any_name(database: SqliteHarness, text: str) -> None:
    save(database, simulation(name=text))

    assert database.rows("simulations", "name") == [text]


@pytest.mark.bad_input("B064")
@pytest.mark.parametrize("length", [1, 255, 256, 10_000, 100_000])
def test_a_run_may_have_a_name_of_any_length(database: SqliteHarness, length: int) -> None:
    name = "".join(chr(0x4E00 + n % 5000) for n in range(length))
    save(database, simulation(name=name))

    assert database.rows("simulations", "name") == [name]


# --- which compute jobs decide -------------------------------------------------------------------


def test_a_run_without_compute_jobs_has_none_that_decide(database: SqliteHarness) -> None:
    save(database, simulation(), jobs=[job(100, "2000"), job(101, "3000")])

    assert compute_jobs(database) == set()
    with database.store.unit("sim-mon") as unit:
        assert unit.runs.compute_jobs([]) == {}
        assert unit.runs.compute_jobs([OTHER_RUN]) == {OTHER_RUN: []}


def test_the_last_two_that_started_decide(database: SqliteHarness) -> None:
    given = [ended(job(n, at=n), "1100", n + 0.5) for n in range(100, 110)]
    save(database, simulation(), jobs=given)

    assert compute_jobs(database) == {compute_job(j) for j in given[-2:]}


def test_one_that_was_heard_of_later_but_never_started_decides_too(
    database: SqliteHarness,
) -> None:
    started = [job(n, at=n) for n in (100, 101, 102)]
    heard_of = job(103, "1100", at=900)
    save(database, simulation(), jobs=[*started, heard_of])

    assert compute_jobs(database) == {compute_job(j) for j in (*started[1:], heard_of)}


def test_every_one_that_ended_the_run_decides(database: SqliteHarness) -> None:
    first = ended(job(100, at=0), "0100", 50)
    others = [job(n, at=n) for n in (101, 102, 103)]
    save(database, simulation(), jobs=[first, *others])

    assert compute_jobs(database) == {compute_job(j) for j in (first, *others[-2:])}


def test_one_compute_job_comes_back_with_its_stamps(database: SqliteHarness) -> None:
    only = ended(job(100, at=1), "1999", 60)
    save(database, simulation(), simulation(OTHER_RUN), jobs=[only, job(1, run=OTHER_RUN)])

    [found] = compute_jobs(database)

    assert found == compute_job(only)
    assert found.ended == Stamp(after(60), uid(100_060))


# --- delays --------------------------------------------------------------------------------------


def test_jobs_of_a_1000_without_a_delay_wait_for_that_of_their_run(
    database: SqliteHarness,
) -> None:
    waiting = job(100)
    others = [job(101, jobWarningDelay="7200"), job(102, "2000"), job(103, "1100")]
    save(database, simulation(), jobs=[waiting, *others])
    save(database, simulation(OTHER_RUN), jobs=[job(100, run=OTHER_RUN)])

    with database.store.unit("sim-mon") as unit:
        assert list(unit.runs.waiting_for_delay([RUN])) == [waiting.facts]
        assert len(unit.runs.waiting_for_delay([RUN, OTHER_RUN])) == 2
        assert list(unit.runs.waiting_for_delay([])) == []


# --- tries ---------------------------------------------------------------------------------------


def test_the_tries_of_an_identity_those_of_this_unit_too(database: SqliteHarness) -> None:
    first = simulation(RUN, at=0, identity="i", deleted_at=after(5))
    second = simulation(OTHER_RUN, at=10, identity="i")
    save(database, first, simulation(uid(3), identity="other"))

    with database.store.unit("sim-mon") as unit:
        unit.runs.save_simulations([second], messages={})
        found = unit.runs.tries(["i", "unheard of"])

    assert first.announced is not None
    assert second.announced is not None
    assert {identity: list(tries) for identity, tries in found.items()} == {
        "i": [Try(RUN, first.announced, after(5)), Try(OTHER_RUN, second.announced, None)],
        "unheard of": [],
    }


def test_a_place_is_kept_when_the_run_is_saved_again(database: SqliteHarness) -> None:
    save(database, simulation())
    place(database, Placing(RUN, 2, 3, active=False, hidden=True))
    save(database, simulation(name="renamed"))

    found = database.rows("simulations", "name", "try_number", "tries", "active", "hidden")
    assert found == [("renamed", 2, 3, False, True)]


def test_the_place_of_a_run_that_is_not_there_is_nothing(database: SqliteHarness) -> None:
    place(database, Placing(RUN, 1, 1, active=True, hidden=True))
    place(database)

    assert database.rows("simulations") == []
    assert database.totals() == {}


# --- totals --------------------------------------------------------------------------------------


def test_obsolete_tries_and_hidden_runs_go_out_of_the_totals_and_come_back(
    database: SqliteHarness,
) -> None:
    jobs = [job(n) for n in (100, 101, 102)]
    save(database, simulation(), simulation(OTHER_RUN), jobs=[*jobs, job(1, run=OTHER_RUN)])
    assert database.totals() == {"simulations": 2, "simulations_all": 2, "jobs": 4}

    place(database, Placing(RUN, 1, 2, active=False, hidden=False))
    assert database.totals() == {"simulations": 1, "simulations_all": 2, "jobs": 4}

    place(database, Placing(RUN, 1, 2, active=False, hidden=True))
    place(database, Placing(RUN, 1, 2, active=False, hidden=True))
    assert database.totals() == {"simulations": 1, "simulations_all": 1, "jobs": 1}

    place(database, Placing(RUN, 1, 1, active=True, hidden=False))
    assert database.totals() == {"simulations": 2, "simulations_all": 2, "jobs": 4}


def test_a_new_job_of_a_hidden_run_is_not_counted(database: SqliteHarness) -> None:
    save(database, simulation(), jobs=[job(100)])
    place(database, Placing(RUN, 1, 1, active=False, hidden=True))
    save(database, simulation(), jobs=[job(100), job(101)])

    assert database.totals() == {}
    place(database, Placing(RUN, 1, 1, active=True, hidden=False))
    assert database.totals()["jobs"] == 2


def test_what_an_undone_savepoint_saved_is_not_counted(database: SqliteHarness) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.jobs([(RUN, uid(100))])
        with undone(unit.savepoint()):
            unit.runs.save_jobs([job(100)])
            unit.runs.save_simulations([simulation()], messages={RUN: 1})
        unit.runs.save_jobs([job(100)])
        unit.runs.save_jobs([job(100)])
        unit.runs.save_simulations([simulation()], messages={RUN: 1})

    assert database.totals() == {"simulations": 1, "simulations_all": 1, "jobs": 1}
    assert database.rows("simulations", "revision") == [1]
