"""How connections are made: the options of each database and the start of each transaction."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from prodiguer.errors import Refused
from prodiguer.storage.failures import translate_on

#: Seconds to wait for the lock of another writer.
BUSY_TIMEOUT = 30.0

#: An execution option: this connection's transactions are going to write.
WRITES = "prodiguer_writes"


def make_engine(url: URL, *, busy_timeout: float = BUSY_TIMEOUT, name: str = "prodiguer") -> Engine:
    """An engine that fails in the platform's words; opens nothing yet.

    Args:
        url: as of `database_url`.
        busy_timeout: seconds to wait for another writer's lock.
        name: how the process is called in the server's list of connections.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, busy_timeout)
    else:
        engine = _postgresql_engine(url, busy_timeout, name)
    translate_on(engine)
    return engine


def _sqlite_engine(url: URL, busy_timeout: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=56,
        pool_timeout=busy_timeout,
        connect_args={"timeout": busy_timeout, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-32768",  # 32 MiB
            # Pages that many transactions change are copied to their place once, every 16 MiB:
            # seldom enough to be cheap, small enough not to be noticed.
            "wal_autocheckpoint=4096",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once when another has
        # written between, without waiting: who is going to write says so from the start.
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    refuse_nul_on(engine)
    return engine


def refuse_nul_on(engine: Engine) -> None:
    """PostgreSQL refuses a NUL in a text; SQLite would keep it and show half of the text."""

    @event.listens_for(engine, "before_cursor_execute")
    def refuse_nul(
        _connection: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        for row in parameters if many else (parameters,):
            for value in row:
                if type(value) is str and "\0" in value:
                    raise Refused("nul", detail="a text has a NUL character")


def _postgresql_engine(url: URL, busy_timeout: float, name: str) -> Engine:
    milliseconds = int(busy_timeout * 1000)
    options = {
        "idle_in_transaction_session_timeout": 60_000,
        "statement_timeout": max(60_000, 2 * milliseconds),
        "lock_timeout": milliseconds,
        "timezone": "UTC",
    }
    return create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        pool_timeout=busy_timeout,
        pool_pre_ping=True,
        connect_args={
            "application_name": name,
            "connect_timeout": 10,
            "tcp_user_timeout": 10_000,
            "options": " ".join(f"-c {key}={value}" for key, value in options.items()),
        },
    )
