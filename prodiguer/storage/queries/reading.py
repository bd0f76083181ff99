"""Connections that only read, so that no reader ever waits for a writer or holds one up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from prodiguer.storage.engine import make_engine, refuse_nul_on
from prodiguer.storage.failures import translate_on, translation
from prodiguer.storage.urls import database_file, database_url

#: Seconds to wait for a connection, or for a database that recovers from a crash.
PATIENCE = 10.0


class Reader:
    """A pool of connections that cannot write; any number of threads may use it."""

    def __init__(self, engine: Engine, *, owned: bool) -> None:
        self._engine = engine
        self._owned = owned

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database from its first statement on.

        Raises:
            Unavailable: the database does not answer.
        """
        with translation(), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that are not in use."""
        if self._owned:
            self._engine.dispose()


def open_reader(where: Engine | URL | str) -> Reader:
    """A reader of a database; opens nothing yet.

    Args:
        where: its URL, or an engine of it. The pool of a PostgreSQL engine is shared; an SQLite
            file is opened once more, read-only.
    """
    url = where.url if isinstance(where, Engine) else where
    url = database_url(url, None) if isinstance(url, str) else url
    path = database_file(url)
    if path is not None:
        return Reader(_sqlite_engine(path), owned=True)
    engine = where if isinstance(where, Engine) else make_engine(url, name="prodiguer reads")
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Reader(reading, owned=not isinstance(where, Engine))


def _sqlite_engine(path: Path) -> Engine:
    # mode=rw: a file that is missing is an error and not created; the WAL's shared memory must
    # be writable all the same, hence not mode=ro. query_only forbids the rest.
    place = f"{path.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            place, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        for pragma in ("query_only=1", "temp_store=MEMORY", "cache_size=-16384"):  # 16 MiB
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        pool_timeout=PATIENCE,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    refuse_nul_on(engine)
    translate_on(engine)
    return engine
