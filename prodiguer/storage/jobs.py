"""Jobs: their facts, their rows, and those among them that decide the state of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, Select, func, literal_column, or_, select, true, tuple_

from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.messages import Stamp
from prodiguer.domain.simulation import ComputeJob
from prodiguer.ports.store import JobKey
from prodiguer.storage.portable import Row, Write, as_list, replacing, rows, texts
from prodiguer.storage.rows import encode
from prodiguer.storage.schema import jobs, simulations
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import maybe_micros, maybe_moment, micros, moment, plain_micros

_COLUMNS = tuple(column.name for column in jobs.columns)
_facts = msgspec.json.Decoder(JobFacts)
_save = Write(jobs, _COLUMNS, replacing(_COLUMNS, ["simulation_uid", "uid"]))


def load(connection: Connection, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]:
    """See `Runs.jobs`."""
    if not keys:
        return {}
    statement = select(jobs.c.simulation_uid, jobs.c.uid, jobs.c.facts).where(
        _among(connection.dialect)
    )
    found = connection.execute(statement, {"keys": as_list(keys)})
    return {(run, uid): _facts.decode(text) for run, uid, text in found}


def waiting_for_delay(connection: Connection, runs: Sequence[str]) -> Sequence[JobFacts]:
    """See `Runs.waiting_for_delay`."""
    if not runs:
        return ()
    statement = (
        select(jobs.c.facts)
        .where(jobs.c.awaits_delay, jobs.c.simulation_uid.in_(texts(connection.dialect, "runs")))
        .order_by(jobs.c.simulation_uid, jobs.c.uid)
    )
    found = connection.execute(statement, {"runs": as_list(runs)}).scalars()
    return [_facts.decode(text) for text in found]


def save(connection: Connection, tail: Tail, given: Sequence[Job]) -> None:
    """See `Runs.save_jobs`."""
    if not given:
        return
    ordered = sorted({(job.simulation_uid, job.uid): job for job in given}.items())
    keys = [key for key, _ in ordered]
    tail.totals["jobs"] += len(keys) - _known_or_hidden(connection, keys)
    _save(connection, [_row(job) for _, job in ordered])


def compute(connection: Connection, runs: Sequence[str]) -> Mapping[str, Sequence[ComputeJob]]:
    """See `Runs.compute_jobs`.

    Those that share a time with the last one are given too, so that nothing hangs on how ties
    are broken.
    """
    deciding: dict[str, list[ComputeJob]] = {run: [] for run in runs}
    if runs:
        statement = _deciding(connection.dialect)
        for row in connection.execute(statement, {"runs": as_list(sorted(deciding))}):
            deciding[row.simulation_uid].append(_compute_job(row))
    return deciding


def _deciding(dialect: Dialect) -> Select[Any]:
    # The literal lets both databases see that the partial index ix_jobs_compute answers it all.
    is_compute = jobs.c.kind == literal_column("'compute'")
    latest = jobs.c.position_at.desc()
    run = jobs.c.simulation_uid
    placed = (
        select(
            run,
            jobs.c.uid,
            jobs.c.position_at,
            jobs.c.position_uid,
            jobs.c.started,
            jobs.c.state,
            jobs.c.late_at,
            jobs.c.end_code,
            jobs.c.end_at,
            jobs.c.end_uid,
            func.rank().over(partition_by=run, order_by=latest).label("place"),
            func.rank().over(partition_by=(run, jobs.c.started), order_by=latest).label("turn"),
        )
        .where(is_compute, run.in_(texts(dialect, "runs")))
        .subquery()
    )
    deciding = or_(
        placed.c.place == 1,
        placed.c.started & (placed.c.turn <= 2),
        placed.c.end_code == "0100",
    )
    return select(placed).where(deciding)


def _compute_job(row: Any) -> ComputeJob:
    return ComputeJob(
        uid=row.uid,
        position=Stamp(moment(row.position_at), row.position_uid),
        started=bool(row.started),
        state=row.state,
        late_at=maybe_moment(row.late_at),
        end_code=row.end_code,
        ended=None if row.end_uid is None else Stamp(moment(row.end_at), row.end_uid),
    )


def _among(dialect: Dialect) -> Any:
    return tuple_(jobs.c.simulation_uid, jobs.c.uid).in_(rows(dialect, "keys", (str, str)))


def _known_or_hidden(connection: Connection, keys: Sequence[JobKey]) -> int:
    """How many of these add nothing to the total: known already, or of a run that is hidden."""
    known = set(
        connection.execute(
            select(jobs.c.simulation_uid, jobs.c.uid).where(_among(connection.dialect)),
            {"keys": as_list(keys)},
        ).tuples()
    )
    new = [key for key in keys if key not in known]
    if not new:
        return len(keys)
    hidden = set(
        connection.execute(
            select(simulations.c.uid).where(
                simulations.c.hidden == true(),
                simulations.c.uid.in_(texts(connection.dialect, "runs")),
            ),
            {"runs": as_list(sorted({run for run, _ in new}))},
        ).scalars()
    )
    return len(keys) - sum(run not in hidden for run, _ in new)


def _row(job: Job) -> Row:
    facts = job.facts
    end = facts.decisive_end or facts.ordinary_end
    return (
        job.simulation_uid,
        job.uid,
        job.kind,
        job.state,
        maybe_micros(job.started_at),
        maybe_micros(job.ended_at),
        None if job.late_at is None else plain_micros(job.late_at),
        micros(job.position.time),
        job.position.uid,
        facts.start is not None,
        None if end is None else micros(end.time),
        None if end is None else end.uid,
        job.end_code,
        facts.start_code == "1000" and "jobWarningDelay" not in facts.words,
        job.accounting_project,
        job.scheduler_id,
        job.submission_path,
        job.warning_delay,
        job.post_processing_name,
        job.post_processing_date,
        job.post_processing_dimension,
        job.post_processing_component,
        job.post_processing_file,
        micros(job.last_message_at),
        encode(job.flags) if job.flags else "[]",
        encode(facts),
    )
