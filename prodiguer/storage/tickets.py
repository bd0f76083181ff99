"""`ports.live.Tickets`: only the SHA-256 of a ticket's text is here, and not for long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert

from prodiguer.ports.live import Ticket
from prodiguer.storage.outbox import Begin
from prodiguer.storage.schema import tickets
from prodiguer.storage.times import micros, moment

c = tickets.c


class SqlTickets:
    """The tickets of a platform.

    Args:
        writing: begins a transaction that writes.
    """

    def __init__(self, writing: Begin) -> None:
        self._writing = writing

    def put(self, ticket: Ticket, now: datetime) -> None:
        values = {
            "digest": ticket.digest,
            "token_id": ticket.token_id,
            "expires_at": micros(ticket.expires_at),
        }
        with self._writing() as connection:
            connection.execute(delete(tickets).where(c.expires_at <= micros(now)))
            connection.execute(insert(tickets).values(values))

    def take(self, digest: str, now: datetime) -> Ticket | None:
        # One statement: of two processes that are shown it at once, one gets it.
        statement = delete(tickets).where(c.digest == digest, c.expires_at > micros(now))
        with self._writing() as connection:
            row = connection.execute(statement.returning(c.token_id, c.expires_at)).one_or_none()
        return None if row is None else Ticket(digest, row.token_id, moment(row.expires_at))
