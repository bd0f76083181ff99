"""Which jobs have become late, and which of these were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, false, select, true

from prodiguer.ports.store import JobKey
from prodiguer.storage.portable import Write, nothing
from prodiguer.storage.schema import jobs, late_notices, simulations
from prodiguer.storage.times import moment, plain_micros

_note = Write(late_notices, ["simulation_uid", "job_uid", "late_at"], nothing)


def overdue(connection: Connection, now: datetime, limit: int) -> Sequence[tuple[JobKey, datetime]]:
    """See `Runs.overdue`: the longest overdue first."""
    told = exists().where(
        late_notices.c.simulation_uid == jobs.c.simulation_uid,
        late_notices.c.job_uid == jobs.c.uid,
        late_notices.c.late_at == jobs.c.late_at,
    )
    statement = (
        select(jobs.c.simulation_uid, jobs.c.uid, jobs.c.late_at)
        .join(simulations, simulations.c.uid == jobs.c.simulation_uid)
        .where(
            # Without an end it runs. To ask for the state would lead SQLite away from the index
            # ix_jobs_late_at to the one on states, and so through all jobs that run.
            jobs.c.end_code.is_(None),
            jobs.c.late_at < plain_micros(now),
            simulations.c.active == true(),
            simulations.c.hidden == false(),
            ~told,
        )
        .order_by(jobs.c.late_at, jobs.c.simulation_uid, jobs.c.uid)
        .limit(limit)
    )
    return [((run, uid), moment(at)) for run, uid, at in connection.execute(statement)]


def note(connection: Connection, given: Sequence[tuple[JobKey, datetime]]) -> None:
    """See `Runs.note_late`."""
    _note(connection, sorted({(*key, plain_micros(at)) for key, at in given}))
