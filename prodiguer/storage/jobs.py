"""Jobs: their facts, their rows, and those among them that decide the state of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Dialect, select, text, true, tuple_

from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import ComputeJob
from prodiguer.ports.store import JobKey
from prodiguer.storage.json_text import encode
from prodiguer.storage.portable import Row, Write, as_list, each_text, replacing, rows, texts
from prodiguer.storage.schema import jobs, simulations
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import maybe_micros, maybe_moment, micros, moment, plain_micros

_COLUMNS = tuple(column.name for column in jobs.columns)
_KEY = ("simulation_uid", "uid")
#: What indexes are on, of which a start decides …
_BY_START = ("kind", "started_at", "position_at", "position_uid", "started", "awaits_delay")
#: … and of which an end does. All other messages move `last_message_at` alone.
_BY_END = ("state", "ended_at", "late_at", "end_at", "end_uid", "end_code")
_indexed = itemgetter(*(_COLUMNS.index(name) for name in (*_BY_START, *_BY_END)))
#: The last two that started, the last two that ended by 0100, and the last of all. Where each
#: begins is looked up once for a run and not once for a job (MATERIALIZED): a run of thousands of
#: jobs that never started would take as many walks through all of them. CROSS JOIN keeps SQLite
#: from walking all jobs; the index ix_jobs_of_run alone answers it.
_DECIDING = """
WITH bounds AS MATERIALIZED (
  SELECT runs.value AS run,
    (SELECT max(one.position_at) FROM jobs AS one
     WHERE one.simulation_uid = runs.value AND one.kind = 'compute') AS last,
    coalesce((SELECT one.position_at FROM jobs AS one
     WHERE one.simulation_uid = runs.value AND one.kind = 'compute' AND one.started
     ORDER BY one.position_at DESC LIMIT 1 OFFSET 1), 0) AS started,
    coalesce((SELECT one.end_at FROM jobs AS one
     WHERE one.simulation_uid = runs.value AND one.kind = 'compute' AND one.end_code = '0100'
     ORDER BY one.end_at DESC LIMIT 1 OFFSET 1), 0) AS ended
  FROM {runs})
SELECT job.simulation_uid, job.uid, job.position_at, job.position_uid, job.started, job.state,
       job.late_at, job.end_code, job.end_at, job.end_uid
FROM bounds CROSS JOIN jobs AS job
WHERE job.simulation_uid = bounds.run AND job.kind = 'compute'
  AND (job.position_at = bounds.last
       OR job.started AND job.position_at >= bounds.started
       OR job.end_code = '0100' AND job.end_at >= bounds.ended)
"""
_facts = msgspec.json.Decoder(JobFacts)
# SQLite writes anew each index on a column that a statement sets, be the value as it was: so most
# rows are saved by statements that leave what has not changed alone.
_save = Write(jobs, _COLUMNS, replacing(_COLUMNS, _KEY))
_save_end = Write(jobs, _COLUMNS, replacing(_COLUMNS, _KEY, _BY_START))
_save_rest = Write(jobs, _COLUMNS, replacing(_COLUMNS, _KEY, (*_BY_START, *_BY_END)))


def load(connection: Connection, tail: Tail, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]:
    """See `Runs.jobs`."""
    if not keys:
        return {}
    facts = {}
    for key, indexed, json in _saved(connection, keys, jobs.c.facts):
        facts[key] = _facts.decode(json)
        tail.known_jobs[key] = indexed
    tail.known_jobs.update((key, None) for key in keys if key not in facts)
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
    known = tail.known_jobs
    _know(connection, tail, [key for key, _ in ordered])
    tail.totals["jobs"] += _shown(connection, [key for key, _ in ordered if known[key] is None])
    kinds: dict[Write, list[Row]] = {_save: [], _save_end: [], _save_rest: []}
    for key, job in ordered:
        row = _row(job)
        before, now = known[key], _indexed(row)
        kinds[_way(before, now)].append(row)
        known[key] = now
    for write, rows_ in kinds.items():
        write(connection, rows_)


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


def _saved(
    connection: Connection, keys: Sequence[JobKey], *more: ColumnElement[Any]
) -> Iterator[tuple[Any, ...]]:
    """Of those that have a row: the key, what indexes are on, and ``more`` columns."""
    statement = select(
        jobs.c.simulation_uid,
        jobs.c.uid,
        *more,
        *(jobs.c[name] for name in (*_BY_START, *_BY_END)),
    ).where(_among(connection.dialect))
    first = 2 + len(more)
    for row in connection.execute(statement, {"keys": as_list(keys)}).all():
        yield (row[:2], row[first:], *row[2:first])


def _know(connection: Connection, tail: Tail, keys: Sequence[JobKey]) -> None:
    """See to what is saved of each; mostly it is known since its facts were asked for."""
    unsure = [key for key in keys if key not in tail.known_jobs]
    if unsure:
        tail.known_jobs.update(dict.fromkeys(unsure))
        tail.known_jobs.update(_saved(connection, unsure))


def _way(before: Row | None, now: Row) -> Write:
    """How a row is saved of which these are the columns with an index."""
    if before == now:
        return _save_rest
    starts = len(_BY_START)
    return _save_end if before is not None and before[:starts] == now[:starts] else _save


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
