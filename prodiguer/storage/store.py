"""`ports.store.Store` on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from prodiguer import faults, turns
from prodiguer.ports.clock import Clock, SystemClock
from prodiguer.ports.live import Tickets
from prodiguer.ports.store import DeadLetterBox, Outbox
from prodiguer.ports.tokens import Tokens
from prodiguer.storage.dead_letters import SqlDeadLetterBox
from prodiguer.storage.engine import BUSY_TIMEOUT, WRITES, make_engine
from prodiguer.storage.failures import translation
from prodiguer.storage.outbox import SqlOutbox
from prodiguer.storage.revision import check_known, check_there
from prodiguer.storage.tickets import SqlTickets
from prodiguer.storage.times import micros
from prodiguer.storage.tokens import SqlTokens
from prodiguer.storage.units import SqlUnit
from prodiguer.storage.urls import database_file, database_url


def open_store(
    url: str = "",
    *,
    data: Path | None = None,
    busy_timeout: float = BUSY_TIMEOUT,
    clock: Clock | None = None,
    name: str = "prodiguer",
) -> SqlStore:
    """The database of this URL, whose schema is the one that this version knows.

    Args:
        url: ``sqlite:///PATH``, ``postgresql://…`` or empty: a file in ``data``.
        data: the data directory, for an empty URL.
        busy_timeout: seconds to wait for another writer before `Unavailable`.
        clock: gives the times of events.
        name: how a server's list of connections calls this process.

    Raises:
        ConfigurationError: it cannot be a database of ours.
        SchemaMismatch: it is of another version, or there is none yet.
        Unavailable: the server does not answer.
    """
    where = database_url(url, data)
    check_there(where)
    engine = make_engine(where, busy_timeout=busy_timeout, name=name)
    try:
        check_known(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine, database_file(where), busy_timeout, clock or SystemClock())


class SqlStore:
    """A database that is open. It may be used by many threads.

    Args:
        engine: as of `make_engine`.
        file: the file of an SQLite database, whose writers take turns.
        busy_timeout: seconds to wait for a turn.
        clock: gives the times of events.
    """

    def __init__(
        self, engine: Engine, file: Path | None, busy_timeout: float, clock: Clock
    ) -> None:
        self.engine = engine
        self._turns = None if file is None else turns.of(file)
        self._busy_timeout = busy_timeout
        self._clock = clock
        self.outbox: Outbox = SqlOutbox(self.reading, self.writing)
        self.dead_letters: DeadLetterBox = SqlDeadLetterBox(self.reading, self.writing, clock)
        self.tokens: Tokens = SqlTokens(self.reading, self.writing)
        self.tickets: Tickets = SqlTickets(self.writing)

    @contextmanager
    def unit(self, app: str) -> Iterator[SqlUnit]:
        with self.writing() as connection:
            unit = SqlUnit(connection, app)
            yield unit
            unit.finish(micros(self._clock.now()))
            with translation():
                faults.point("unit.before_commit")
        with translation():
            faults.point("unit.after_commit")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one state of the database for all its statements."""
        with self._connection() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, from its first statement on."""
        turn = nullcontext() if self._turns is None else self._turns.hold(self._busy_timeout)
        with turn, self._connection() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def ping(self) -> None:
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    def _connection(self) -> Connection:
        with translation():
            return self.engine.connect()
