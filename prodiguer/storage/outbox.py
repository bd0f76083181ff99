"""`ports.store.Outbox`: what waits to be done after commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, null, or_, select, update

from prodiguer.ports.store import OutboxItem
from prodiguer.storage.json_text import decode_object
from prodiguer.storage.portable import as_list, rows
from prodiguer.storage.schema import outbox
from prodiguer.storage.times import micros

LEASE = timedelta(minutes=1)

#: Begins a transaction.
Begin = Callable[[], AbstractContextManager[Connection]]


class SqlOutbox:
    """The outbox of all apps.

    Args:
        reading: begins a transaction that only reads.
        writing: begins one that writes.
    """

    def __init__(self, reading: Begin, writing: Begin) -> None:
        self._reading = reading
        self._writing = writing

    def claim(
        self, app: str, now: datetime, limit: int, kind: str | None = None
    ) -> Sequence[OutboxItem]:
        due = _due(app, micros(now), limit, kind)
        with self._reading() as connection:  # mostly there is nothing, and no need to lock
            if not connection.execute(due.limit(1)).first():
                return ()
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                due = due.with_for_update(skip_locked=True)
            claimed = (
                update(outbox)
                .where(outbox.c.number.in_(due))
                .values(leased_until=micros(now + LEASE), attempts=outbox.c.attempts + 1)
                .returning(
                    outbox.c.number,
                    outbox.c.app,
                    outbox.c.kind,
                    outbox.c.key,
                    outbox.c.payload,
                    outbox.c.attempts,
                    outbox.c.due,
                )
            )
            found = sorted(connection.execute(claimed), key=lambda row: (row.due, row.number))
        return [
            OutboxItem(
                id=row.number,
                app=row.app,
                kind=row.kind,
                key=row.key,
                payload=decode_object(row.payload),
                attempts=row.attempts,
            )
            for row in found
        ]

    def done(self, ids: Sequence[int], now: datetime) -> None:
        if not ids:
            return
        with self._writing() as connection:
            given = rows(connection.dialect, "ids", (int,))
            connection.execute(
                update(outbox)
                .where(outbox.c.number.in_(given))
                .values(done_at=micros(now), leased_until=null(), last_error=null()),
                {"ids": as_list([id_] for id_ in sorted(ids))},
            )

    def failed(self, id: int, error: str, due: datetime) -> None:
        with self._writing() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.number == id, outbox.c.done_at.is_(None))
                .values(due=micros(due), leased_until=null(), last_error=error.replace("\0", "�"))
            )


def _due(app: str, now: int, limit: int, kind: str | None) -> Select[tuple[int]]:
    statement = (
        select(outbox.c.number)
        .where(
            outbox.c.app == app,
            outbox.c.done_at.is_(None),
            outbox.c.due <= now,
            or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now),
        )
        .order_by(outbox.c.due, outbox.c.number)
        .limit(limit)
    )
    return statement if kind is None else statement.where(outbox.c.kind == kind)
