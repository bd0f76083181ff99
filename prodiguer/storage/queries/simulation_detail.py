"""One run with all that is known of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from prodiguer.ports.queries import SimulationDetail, TryView
from prodiguer.storage.queries.job_counts import job_counts
from prodiguer.storage.queries.lateness import shown_state
from prodiguer.storage.queries.paging import AnyRow
from prodiguer.storage.queries.simulations import view
from prodiguer.storage.schema import config_cards, simulations
from prodiguer.storage.times import maybe_moment, plain_micros

runs = simulations.c


def detail(connection: Connection, uid: str, now: datetime) -> SimulationDetail | None:
    """None where there is none or where it is deleted."""
    statement = select(simulations).where(runs.uid == uid, runs.hidden.is_(False))
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    jobs = job_counts(connection, [uid], plain_micros(now))[uid]
    return {
        **view(row, jobs, now),
        "archive_path": row.archive_path,
        "storage_path": row.storage_path,
        "storage_small_path": row.storage_small_path,
        "submission_path": row.submission_path,
        "scheduler_id": row.scheduler_id,
        "config_card": _card(connection, uid),
        "all_tries": _tries(connection, row, now),
    }


def is_visible(connection: Connection, uid: str) -> bool:
    """There is such a run and it is not deleted."""
    statement = select(runs.uid).where(runs.uid == uid, runs.hidden.is_(False))
    return connection.execute(statement).one_or_none() is not None


def _card(connection: Connection, uid: str) -> str | None:
    statement = select(config_cards.c.text).where(config_cards.c.simulation_uid == uid)
    return connection.execute(statement).scalar_one_or_none()


def _tries(connection: Connection, row: AnyRow, now: datetime) -> list[TryView]:
    """Those of its identity that are not deleted, in their order; itself alone without one."""
    if row.identity is None:
        return [_try(row, now)]
    statement = (
        select(simulations)
        .where(runs.identity == row.identity, runs.hidden.is_(False))
        .order_by(runs.try_number, runs.uid)
    )
    return [_try(each, now) for each in connection.execute(statement)]


def _try(row: AnyRow, now: datetime) -> TryView:
    return {
        "uid": row.uid,
        "number": row.try_number,
        "active": row.active,
        "state": shown_state(row.state, maybe_moment(row.late_at), now),
        "started_at": maybe_moment(row.started_at),
    }
