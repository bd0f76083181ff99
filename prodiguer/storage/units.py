"""`ports.store.Unit`: one write transaction and what can be done inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from prodiguer.domain.message import Message
from prodiguer.domain.metrics import Transfer
from prodiguer.errors import ProdiguerError, Unavailable
from prodiguer.ports.store import (
    Admission,
    Archive,
    DeadLetter,
    Events,
    MailRecord,
    Runs,
    Transfers,
    Values,
)
from prodiguer.storage import dead_letters, history, inbox, mails
from prodiguer.storage.json_text import encode
from prodiguer.storage.keys import checked
from prodiguer.storage.portable import Write, nothing
from prodiguer.storage.rows import COLUMNS, from_message
from prodiguer.storage.runs import SqlRuns
from prodiguer.storage.schema import messages as archive
from prodiguer.storage.tail import Tail
from prodiguer.storage.values import SqlValues

_add_messages = Write(archive, COLUMNS, nothing)


class SqlArchive:
    """The log of all messages, inside one transaction."""

    def __init__(self, connection: Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    def add(self, messages: Sequence[Message]) -> None:
        # In the order given, which is that of arrival: one writer at a time adds to the log.
        rows = [from_message(message) for message in messages]
        self._tail.totals["messages"] += _add_messages(self._connection, rows)


class SqlTransfers:
    """File transfers, inside one transaction."""

    def __init__(self, connection: Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    def add(self, transfers: Sequence[Transfer]) -> None:
        history.add_transfers(self._connection, self._tail, transfers)


class SqlEvents:
    """The events that this transaction is going to write."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail

    def add(self, type: str, uid: str, *, simulation_uid: str | None = None) -> None:
        self._tail.events.append((checked(type), checked(uid), simulation_uid))


class SqlUnit:
    """One write transaction of one app."""

    def __init__(self, connection: Connection, app: str) -> None:
        self._connection = connection
        self._app = app
        self._undone: BaseException | None = None
        self.tail = Tail()
        self.archive: Archive = SqlArchive(connection, self.tail)
        self.runs: Runs = SqlRuns(connection, self.tail)
        self.transfers: Transfers = SqlTransfers(connection, self.tail)
        self.values: Values = SqlValues(connection, app)
        self.events: Events = SqlEvents(self.tail)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        mark = self.tail.mark()
        nested = self._connection.begin_nested()
        try:
            yield
        except BaseException as error:
            self.tail.rewind(mark)
            try:
                nested.rollback()
            except (SQLAlchemyError, ProdiguerError):
                # The database has undone more than this savepoint (a full disk does that): what
                # was done before is gone as well, so nothing of this unit may be committed.
                self._undone = error
            raise
        nested.commit()

    def admit(self, messages: Sequence[Message]) -> Admission:
        return inbox.admit(self._connection, self._app, messages)

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> int:
        return dead_letters.add(self._connection, self.tail, letters)

    def put_publication(self, key: str, payload: Mapping[str, Any]) -> None:
        self.tail.outbox.append(("publish", checked(key), encode(payload)))

    def put_effect(self, key: str, payload: Mapping[str, Any]) -> None:
        self.tail.outbox.append(("effect", checked(key), encode(payload)))

    def add_mail(self, mail: MailRecord) -> None:
        mails.add(self._connection, self.tail, mail)

    def finish(self, now: int) -> None:
        """Write what comes last; the transaction is then ready to be committed.

        Raises:
            Unavailable: the database has undone the transaction behind our back.
        """
        self.tail.write(self._connection, self._app, now)
        # After a full disk SQLite has no transaction any more, and its driver would commit
        # nothing without a word.
        open_ = getattr(self._connection.connection.dbapi_connection, "in_transaction", True)
        if self._undone is not None or not open_:
            raise Unavailable("the database has undone this transaction") from self._undone
