"""`ports.live.EventLog` on a database: what has changed since a number, and how it is now.

The numbers are in the order of commits (`storage.tail`), so that whoever has read up to one has
missed nothing before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from prodiguer.ports.live import LARGEST, RESET, Change, Run, Seen, Stretch
from prodiguer.ports.queries import SIMULATION_FACETS
from prodiguer.storage.queries import dead_letters, jobs, mails, messages, periods
from prodiguer.storage.queries.job_counts import job_counts
from prodiguer.storage.queries.lateness import shown_state
from prodiguer.storage.queries.names import Names
from prodiguer.storage.queries.paging import AnyRow
from prodiguer.storage.queries.reading import Reader
from prodiguer.storage.queries.simulations import view
from prodiguer.storage.schema import events, simulations
from prodiguer.storage.times import maybe_moment, moment, plain_micros

c = events.c

#: Each by its own index: both in one SELECT would read the whole table.
_FIRST = select(func.min(c.number)).scalar_subquery()
_LAST = select(func.max(c.number)).scalar_subquery()

Views = Mapping[str, Mapping[str, Any]]


class SqlEventLog:
    """The log behind a reader; any number of threads may ask at once."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self._reader = reader
        self._names = names

    def bounds(self) -> tuple[int, int]:
        with self._reader.snapshot() as connection:
            return _bounds(connection)

    def head(self) -> int:
        with self._reader.snapshot() as connection:
            return connection.execute(select(func.max(c.number))).scalar_one() or 0

    def after(
        self,
        seq: int,
        limit: int,
        types: Sequence[str] | None = None,
        simulation: str | None = None,
    ) -> Stretch:
        wanted = [c.number > seq]
        if types is not None:
            wanted.append(c.type.in_([*types, RESET]))
        if simulation is not None:
            wanted.append(or_(c.simulation_uid == simulation, c.type == RESET))
        columns = (c.number, c.at, c.type, c.uid, c.simulation_uid)
        statement = select(*columns).where(*wanted).order_by(c.number).limit(limit)
        with self._reader.snapshot() as connection:
            first, last = _bounds(connection)
            rows = connection.execute(statement).all()
        changes = [_change(row) for row in rows]
        return Stretch(first, changes[-1].seq if len(changes) == limit else last, changes)

    def look(self, changes: Sequence[Change], now: datetime) -> list[Seen]:
        with self._reader.snapshot() as connection:
            rows = _run_rows(connection, changes)
            views = {
                "simulation": _simulations(connection, rows, _uids(changes, "simulation"), now),
                "period": _of(periods.by_message, connection, _uids(changes, "period")),
                "mail": _of(mails.by_id, connection, _uids(changes, "mail")),
                "dead-letter": _of(dead_letters.by_id, connection, _uids(changes, "dead-letter")),
                "message": self._messages(connection, _uids(changes, "message")),
            }
            keys = {(e.simulation or "", e.uid) for e in changes if e.type == "job"}
            found_jobs = jobs.by_key(connection, keys, now) if keys else {}
        runs = {uid: _run(row, now) for uid, row in rows.items()}

        def seen(change: Change) -> Seen:
            run = runs.get(change.simulation or "")
            if change.type == "job":
                found: Any = found_jobs.get((change.simulation or "", change.uid))
            else:
                found = views.get(change.type, {}).get(change.uid)
            # Messages stay when their run is deleted; all else of it is 404.
            gone = run is not None and run.gone and change.type != "message"
            return Seen(None if gone else found, run)

        return [seen(change) for change in changes]

    def _messages(self, connection: Connection, uids: set[str]) -> Views:
        return messages.by_uid(connection, uids, self._names, LARGEST) if uids else {}


def _bounds(connection: Connection) -> tuple[int, int]:
    first, last = connection.execute(select(_FIRST, _LAST)).one()
    return first or 0, last or 0


def _change(row: Any) -> Change:
    of = row.simulation_uid or (row.uid if row.type == "simulation" else None)
    return Change(row.number, moment(row.at), row.type, row.uid, of)


def _uids(changes: Sequence[Change], type_: str) -> set[str]:
    return {change.uid for change in changes if change.type == type_}


def _of(
    read: Callable[[Connection, set[str]], Views], connection: Connection, uids: set[str]
) -> Views:
    return read(connection, uids) if uids else {}


def _run_rows(connection: Connection, changes: Sequence[Change]) -> dict[str, AnyRow]:
    uids = {change.simulation for change in changes if change.simulation}
    if not uids:
        return {}
    statement = select(simulations).where(simulations.c.uid.in_(uids))
    return {row.uid: row for row in connection.execute(statement)}


def _simulations(
    connection: Connection, rows: Mapping[str, AnyRow], uids: set[str], now: datetime
) -> Views:
    shown = [uid for uid in uids if uid in rows and not rows[uid].hidden]
    if not shown:
        return {}
    counts = job_counts(connection, shown, plain_micros(now))
    return {uid: view(rows[uid], counts[uid], now) for uid in shown}


def _run(row: AnyRow, now: datetime) -> Run:
    words = {name: getattr(row, name) for name in SIMULATION_FACETS}
    words["state"] = shown_state(row.state, maybe_moment(row.late_at), now)
    return Run(words, row.name, row.active, moment(row.last_message_at), row.hidden)
