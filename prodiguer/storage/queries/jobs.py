"""Jobs of runs that are not deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from prodiguer.ports.queries import JOB_KINDS, JOB_SORTS, STATES, JobFilter, JobView, Page, Paging
from prodiguer.storage.json_text import decode_flags
from prodiguer.storage.queries import counts
from prodiguer.storage.queries.filters import Conditions, equal, of_visible_run, since
from prodiguer.storage.queries.lateness import is_in_state, shown_state
from prodiguer.storage.queries.orders import Order, by_column, by_words, parse_sort
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_now, walk_of
from prodiguer.storage.queries.plans import Unindexed
from prodiguer.storage.schema import failed_commands, jobs
from prodiguer.storage.times import maybe_moment, moment, plain_micros

c = jobs.c

#: What names a job, and what breaks ties between jobs.
KEYS = (c.simulation_uid, c.uid)
#: What a view needs: all but the facts, which are long.
COLUMNS = tuple(column for column in c if column.name != "facts")

#: For each job (simulation uid, job uid) that has some: how many commands failed in it.
Failures = dict[tuple[str, str], int]


def page(connection: Connection, which: JobFilter, paging: Paging, now: datetime) -> Page[JobView]:
    """One page, with the states of ``now``."""
    walk = walk_of(
        "jobs",
        simulation=which.simulation,
        state=which.state,
        kind=which.kind,
        since=which.since,
        sort=which.sort,
    )
    began = walk_now(paging, walk, plain_micros(now))
    filtered = which.simulation or which.state or which.kind or which.since
    listing = Listing(
        arms=(select(*KEYS).where(*_conditions(which, began)),),
        order=_order(which, began),
        walk=walk,
        total=None if filtered else counts.total(connection, "jobs"),
    )
    return fetch(connection, listing, paging, _views(connection, now), now=began)


def job(connection: Connection, uid: str, now: datetime) -> JobView | None:
    """Of those that share the uid, the one that was heard of last."""
    statement = (
        select(*COLUMNS)
        .where(c.uid == uid, of_visible_run(c.simulation_uid))
        .order_by(c.last_message_at.desc(), c.simulation_uid.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else _view(row, _failures(connection, [row]), now)


def by_key(
    connection: Connection, keys: Collection[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], JobView]:
    """Those of these (simulation uid, job uid) that there are."""
    statement = select(*COLUMNS).where(c.uid.in_({uid for _, uid in keys}))
    rows = [row for row in connection.execute(statement) if (row.simulation_uid, row.uid) in keys]
    failures = _failures(connection, rows) if rows else {}
    return {(row.simulation_uid, row.uid): _view(row, failures, now) for row in rows}


def _conditions(which: JobFilter, now: int) -> Conditions:
    found = [of_visible_run(c.simulation_uid)]
    found += equal({c.simulation_uid: which.simulation})
    if which.kind is not None:
        # There are three kinds: any other filter leaves fewer jobs than this one does.
        alone = which.simulation is None and which.state is None and which.since is None
        found.append((c.kind if alone else Unindexed(c.kind)) == which.kind)
    if which.state is not None:
        found.append(is_in_state(c.state, c.late_at, which.state, now))
    return found + since(c.last_message_at, which.since)


def _order(which: JobFilter, now: int) -> Order:
    field, descending = parse_sort(which.sort, JOB_SORTS)
    if field == "state":
        states = [which.state] if which.state else sorted(STATES)
        words = [is_in_state(c.state, c.late_at, state, now) for state in states]
    elif field == "kind":
        kinds = [which.kind] if which.kind else sorted(JOB_KINDS)
        words = [(Unindexed(c.kind) if which.state else c.kind) == kind for kind in kinds]
    else:
        return by_column(c[field], KEYS, descending=descending)
    newest = by_column(c.started_at, KEYS, descending=True)
    return by_words(words, newest, descending=descending)


def _views(connection: Connection, now: datetime) -> Callable[[Sequence[AnyRow]], list[JobView]]:
    def views(keys: Sequence[AnyRow]) -> list[JobView]:
        # By uid alone, which hardly two runs share: SQLite has no index for a list of pairs.
        uids = [key.uid for key in keys]
        rows = connection.execute(select(*COLUMNS).where(c.uid.in_(uids)))
        shown = {(row.simulation_uid, row.uid): row for row in rows}
        failures = _failures(connection, keys)
        return [_view(shown[key.simulation_uid, key.uid], failures, now) for key in keys]

    return views


def _failures(connection: Connection, rows: Sequence[AnyRow]) -> Failures:
    """Of these jobs alone: a run may have a million others."""
    keys = failed_commands.c
    statement = (
        select(keys.simulation_uid, keys.job_uid, func.count())
        .where(keys.simulation_uid.in_({row.simulation_uid for row in rows}))
        .where(Unindexed(keys.job_uid).in_({row.uid for row in rows}))
        .group_by(keys.simulation_uid, keys.job_uid)
    )
    return {(run, uid): number for run, uid, number in connection.execute(statement)}


def _view(row: AnyRow, failures: Failures, now: datetime) -> JobView:
    late_at = maybe_moment(row.late_at)
    return {
        "uid": row.uid,
        "simulation_uid": row.simulation_uid,
        "kind": row.kind,
        "state": shown_state(row.state, late_at, now),
        "started_at": maybe_moment(row.started_at),
        "ended_at": maybe_moment(row.ended_at),
        "late_at": late_at,
        "accounting_project": row.accounting_project,
        "scheduler_id": row.scheduler_id,
        "submission_path": row.submission_path,
        "warning_delay": row.warning_delay,
        "post_processing": {
            "name": row.post_processing_name,
            "date": row.post_processing_date,
            "dimension": row.post_processing_dimension,
            "component": row.post_processing_component,
            "file": row.post_processing_file,
        },
        "failed_commands": failures.get((row.simulation_uid, row.uid), 0),
        "last_message_at": moment(row.last_message_at),
        "flags": list(decode_flags(row.flags)),
    }
