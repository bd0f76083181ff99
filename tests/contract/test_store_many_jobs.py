"""A run of thousands of jobs: what decides its state is few jobs, found in one walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from store_harness import SqliteHarness
from store_kit import RUN, ended, job, simulation

from prodiguer.domain.job import Job
from prodiguer.domain.job_state import compute_job

#: Instructions of SQLite's machine between two ticks.
TICK = 100


def save(database: SqliteHarness, jobs: Sequence[Job]) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_simulations([simulation()], messages={})
        unit.runs.save_jobs(jobs)


def heard_of(n: int) -> Job:
    """A job that ended and of which no start is known."""
    return job(n, "1100", at=n)


def ended_run(n: int) -> Job:
    return ended(job(n, at=n), "0100", n + 0.5)


@contextmanager
def ticks(database: SqliteHarness) -> Iterator[list[None]]:
    """One item for each `TICK` instructions that its statements take."""
    found: list[None] = []

    def watch(connection: Any, *_: Any) -> None:
        handler = lambda: found.append(None)  # noqa: E731  # reads best
        connection.connection.dbapi_connection.set_progress_handler(handler, TICK)

    def unwatch(connection: Any, *_: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(None, 0)

    engine = database.store.engine
    event.listen(engine, "before_cursor_execute", watch)
    event.listen(engine, "after_cursor_execute", unwatch)
    yield found
    event.remove(engine, "before_cursor_execute", watch)
    event.remove(engine, "after_cursor_execute", unwatch)


@pytest.mark.parametrize("make", [heard_of, ended_run])
def test_a_run_of_ten_times_as_many_jobs_costs_ten_times_as_much_and_not_a_hundred(
    database: SqliteHarness, make: Any
) -> None:
    costs = []
    for most in (200, 2000):
        save(database, [make(n) for n in range(100, 100 + most)])
        with database.store.unit("sim-mon") as unit, ticks(database) as cost:
            deciding = unit.runs.compute_jobs([RUN])[RUN]
        assert len(deciding) <= 2
        costs.append(len(cost))

    assert 0 < costs[1] < 25 * max(1, costs[0])


def test_of_many_that_ended_the_run_the_last_two_decide(database: SqliteHarness) -> None:
    # The ends come the other way round than the starts.
    given = [ended(job(n, at=n), "0100", 10_000 - n) for n in range(100, 120)]
    save(database, given)

    with database.store.unit("sim-mon") as unit:
        found = set(unit.runs.compute_jobs([RUN])[RUN])

    assert found == {compute_job(one) for one in (*given[:2], *given[-2:])}
