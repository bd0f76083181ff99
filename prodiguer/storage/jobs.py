"""Jobs: their facts, their rows, and those among them that decide the state of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, select, text, true, tuple_

from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.messages import Stamp
from prodiguer.domain.simulation import ComputeJob
from prodiguer.ports.store import JobKey
from prodiguer.storage.json_text import encode
from prodiguer.storage.portable import Row, Write, as_list, each_text, replacing, rows, texts
from prodiguer.storage.schema import jobs, simulations
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import maybe_micros, maybe_moment, micros, moment, plain_micros

_COLUMNS = tuple(column.name for column in jobs.columns)
#: The last two that started, whatever comes after them, and those that ended by 0100. CROSS JOIN
#: keeps SQLite from walking all jobs; the index ix_jobs_of_run alone answers it.
_DECIDING = """
SELECT job.simulation_uid, job.uid, job.position_at, job.position_uid, job.started, job.state,
       job.late_at, job.end_code, job.end_at, job.end_uid
FROM {runs} CROSS JOIN jobs AS job
WHERE job.simulation_uid = runs.value AND job.kind = 'compute'
  AND (job.end_code = '0100' OR job.position_at >= coalesce((
      SELECT other.position_at FROM jobs AS other
      WHERE other.simulation_uid = runs.value AND other.kind = 'compute' AND other.started
      ORDER BY other.position_at DESC LIMIT 1 OFFSET 1), 0))
"""
_facts = msgspec.json.Decoder(JobFacts)
_save = Write(jobs, _COLUMNS, replacing(_COLUMNS, ["simulation_uid", "uid"]))


def load(connection: Connection, tail: Tail, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]:
    """See `Runs.jobs`."""
    if not keys:
        return {}
    statement = select(jobs.c.simulation_uid, jobs.c.uid, jobs.c.facts).where(
        _among(connection.dialect)
    )
    found = connection.execute(statement, {"keys": as_list(keys)}).all()
    facts = {(run, uid): _facts.decode(json) for run, uid, json in found}
    tail.known_jobs.update((key, key in facts) for key in keys)
    return facts


def waiting_for_delay(connection: Connection, runs: Sequence[str]) -> Sequence[JobFacts]:
    """See `Runs.waiting_for_delay`."""
    if not runs:
        return ()
    # The bare word, as the partial index ix_jobs_awaits_delay has it, so that SQLite takes it.
    statement = select(jobs.c.facts).where(
        text("jobs.awaits_delay"), jobs.c.simulation_uid.in_(texts(connection.dialect, "runs"))
    )
    found = connection.execute(statement, {"runs": as_list(runs)}).scalars()
    return [_facts.decode(json) for json in found]


def save(connection: Connection, tail: Tail, given: Sequence[Job]) -> None:
    """See `Runs.save_jobs`."""
    if not given:
        return
    ordered = sorted({(job.simulation_uid, job.uid): job for job in given}.items())
    keys = [key for key, _ in ordered]
    tail.totals["jobs"] += _shown(connection, _new(connection, tail, keys))
    tail.known_jobs.update((key, True) for key in keys)
    _save(connection, [_row(job) for _, job in ordered])


def compute(connection: Connection, runs: Sequence[str]) -> Mapping[str, Sequence[ComputeJob]]:
    """See `Runs.compute_jobs`; some more are given where times are equal."""
    deciding: dict[str, list[ComputeJob]] = {run: [] for run in runs}
    if runs:
        statement = text(_DECIDING.format(runs=each_text(connection.dialect, "runs")))
        for run, *job in connection.execute(statement, {"runs": as_list(sorted(deciding))}).all():
            deciding[run].append(_compute_job(*job))
    return deciding


def _compute_job(
    uid: str,
    position_at: int,
    position_uid: str,
    started: int,
    state: str,
    late_at: int | None,
    end_code: str | None,
    end_at: int,
    end_uid: str | None,
) -> ComputeJob:
    return ComputeJob(
        uid=uid,
        position=Stamp(moment(position_at), position_uid),
        started=bool(started),
        state=state,
        late_at=maybe_moment(late_at),
        end_code=end_code,
        ended=None if end_uid is None else Stamp(moment(end_at), end_uid),
    )


def _among(dialect: Dialect) -> Any:
    return tuple_(jobs.c.simulation_uid, jobs.c.uid).in_(rows(dialect, "keys", (str, str)))


def _new(connection: Connection, tail: Tail, keys: Sequence[JobKey]) -> Sequence[JobKey]:
    """Those that have no row yet; mostly it is known since their facts were asked for."""
    unsure = [key for key in keys if key not in tail.known_jobs]
    if unsure:
        statement = select(jobs.c.simulation_uid, jobs.c.uid).where(_among(connection.dialect))
        found = connection.execute(statement, {"keys": as_list(unsure)}).all()
        tail.known_jobs.update(dict.fromkeys(unsure, False))
        tail.known_jobs.update(((run, uid), True) for run, uid in found)
    return [key for key in keys if not tail.known_jobs[key]]


def _shown(connection: Connection, keys: Sequence[JobKey]) -> int:
    """How many of these are of runs that are not hidden."""
    if not keys:
        return 0
    statement = select(simulations.c.uid).where(
        simulations.c.hidden == true(), simulations.c.uid.in_(texts(connection.dialect, "runs"))
    )
    runs = as_list(sorted({run for run, _ in keys}))
    hidden = set(connection.execute(statement, {"runs": runs}).scalars().all())
    return sum(run not in hidden for run, _ in keys)


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
