"""How many jobs of each kind are in which state, for all runs of a page at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from prodiguer.ports.queries import JOB_KINDS, JobCounts
from prodiguer.storage.queries.lateness import state_at
from prodiguer.storage.schema import jobs

ByKind = dict[str, JobCounts]


def job_counts(connection: Connection, runs: Sequence[str], now: int) -> dict[str, ByKind]:
    """Of each run, by kind and by state, all of them present, at a moment in µs."""
    counts = {run: {kind: _none() for kind in JOB_KINDS} for run in runs}
    state = state_at(jobs.c.state, jobs.c.late_at, now).label("shown")
    keys = (jobs.c.simulation_uid, jobs.c.kind, state)
    statement = select(*keys, func.count().label("jobs")).where(jobs.c.simulation_uid.in_(runs))
    for run, kind, shown, number in connection.execute(statement.group_by(*keys)):
        counts[run].setdefault(kind, _none())[shown] = number  # type: ignore[literal-required]  # a state from the database
    return counts


def _none() -> JobCounts:
    return {"queued": 0, "running": 0, "complete": 0, "late": 0, "error": 0}
