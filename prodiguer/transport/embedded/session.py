"""A connection to the broker file, and how its failures are told."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from prodiguer.errors import ConfigurationError, Unavailable
from prodiguer.transport.embedded.board import Board
from prodiguer.transport.embedded.checks import damage_advice
from prodiguer.transport.embedded.patience import patiently

#: Seconds that a writer waits for its turn among those of this process.
QUEUE_PATIENCE = 30.0

_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit is on the disk, not in its cache
    "PRAGMA journal_size_limit = 67108864",  # a log that grew once gives its space back
    "PRAGMA secure_delete = OFF",  # some distributions overwrite what is deleted: twice the writing
    "PRAGMA trusted_schema = OFF",
)

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Session:
    """One connection. Its owner works in one thread; another may close it meanwhile."""

    def __init__(self, path: Path, board: Board) -> None:
        self.path = path
        self.board = board
        self._busy = threading.RLock()
        self._closed = False
        with translated(path):
            self._file = path.stat().st_ino
            self._connection = _connection(path)

    def read(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """All rows of one query, outside any transaction."""
        with self._open() as connection:
            return patiently(lambda: connection.execute(sql, parameters).fetchall())

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: leaving it commits to the disk, an exception undoes all.

        Raises:
            Unavailable: the file is locked, full, read-only or gone; nothing was done.
        """
        with self.board.turns.hold(QUEUE_PATIENCE), self._open() as connection:
            self._refuse_vanished()
            patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                _undo(connection)
                raise

    def check(self, finding: Callable[[sqlite3.Connection, Path], None]) -> None:
        """Let ``finding`` look at the connection and raise."""
        with self._open() as connection:
            patiently(lambda: finding(connection, self.path))

    def ping(self) -> None:
        """Return when the file is there and can be read.

        Raises:
            Unavailable: it is not.
        """
        with translated(self.path):
            self._refuse_vanished()
        self.read("SELECT bindings FROM broker")

    def close(self) -> None:
        """Let go of the file; can be repeated."""
        with self._busy:
            self._closed = True
            self._connection.close()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._busy, translated(self.path):
            if self._closed:
                raise Unavailable("this end of the broker is closed")
            yield self._connection

    def _refuse_vanished(self) -> None:
        """A file that was removed or replaced can still be written to, and all of it is lost."""
        if self.path.stat().st_ino != self._file:
            raise Unavailable(f"{self.path} was replaced while it was in use: start again")


def _connection(path: Path) -> sqlite3.Connection:
    """Open a file that exists: without ``mode=rw`` SQLite would make a new, empty one."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw",
        uri=True,
        timeout=0,  # the waiting is done by `patiently`
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in _PRAGMAS:
            patiently(partial(connection.execute, pragma))
    except BaseException:
        connection.close()
        raise
    return connection


def _undo(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        return  # SQLite has undone it by itself, as it does when the disk is full
    with contextlib.suppress(sqlite3.OperationalError):  # then the file's log undoes it
        connection.execute("ROLLBACK")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell what SQLite and the system say in the words of `prodiguer.errors`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            text = f"{path} is damaged ({error}): {damage_advice(path)}"
            raise ConfigurationError(text) from error
        if isinstance(error, sqlite3.OperationalError):
            raise Unavailable(f"{path} cannot be used for now: {error}") from error
        raise
    except OSError as error:
        raise Unavailable(f"{path} cannot be used for now: {error.strerror}") from error
