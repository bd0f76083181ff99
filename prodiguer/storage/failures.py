"""What the drivers raise, in the platform's own words: the only place that knows both.

*The world* (locked, full, read-only, gone) is `Unavailable`: the same thing may be tried again.
*The data* (a NUL, a lone surrogate, a number too great) is `Refused`: it never can. Everything
else is a bug and passes as it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event, exc
from sqlalchemy.engine import ExceptionContext

from prodiguer.errors import ProdiguerError, Refused, Unavailable

_DAMAGED = "the database is damaged: stop, keep a copy and restore a backup"

#: Primary result codes of SQLite that speak of the world.
_WORLD = {
    sqlite3.SQLITE_BUSY: "the database is locked by another process",
    sqlite3.SQLITE_LOCKED: "the database is locked",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_READONLY: "the database may not be written: check its permissions and its disk",
    sqlite3.SQLITE_INTERRUPT: "the database was interrupted",
    sqlite3.SQLITE_IOERR: "the disk of the database fails",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: "the disk of the database is full",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened: check its directory",
    sqlite3.SQLITE_PROTOCOL: "the database file cannot be locked: is it on a network file system?",
}

#: SQLSTATEs of PostgreSQL that speak of the world: connection, resources, shutdown, system,
#: serialization, deadlock, lock not available, cancelled by a timeout, read-only.
_WORLD_STATE = re.compile(r"08|53|57P|58|57014|40001|40P01|55P03|25006|25P03")
#: … and those that speak of the data, with the word for them.
_DATA_STATES = (
    (re.compile(r"22021|22P05"), "encoding"),
    (re.compile(r"22003|22008|2201[0-9A-Z]"), "number"),
    (re.compile(r"54"), "too-large"),
    (re.compile(r"22|23"), "bad-field"),
)


def translated(error: BaseException) -> ProdiguerError | None:
    """What an error of a driver means; None where it is a bug."""
    if isinstance(error, ProdiguerError):
        return error
    if isinstance(error, exc.TimeoutError):
        return Unavailable("all connections to the database are busy: try again")
    if isinstance(error, UnicodeEncodeError):
        return Refused("encoding", detail="a text has a lone surrogate")
    if isinstance(error, OverflowError):
        return Refused("number", detail="a number has more than 64 bits")
    if isinstance(error, ValueError) and "NUL" in str(error):
        return Refused("nul", detail="a text has a NUL character")
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    if hasattr(error, "pgcode"):
        return _from_postgresql(error)
    return None


def is_damage(error: ProdiguerError) -> bool:
    """Whether no waiting will help: the file itself is broken."""
    return str(error) == _DAMAGED


def _from_sqlite(error: sqlite3.Error) -> ProdiguerError | None:
    primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if primary in _WORLD:
        return Unavailable(_WORLD[primary])
    if primary == sqlite3.SQLITE_TOOBIG:
        return Refused("too-large", detail="a text is longer than the database can keep")
    if isinstance(error, (sqlite3.IntegrityError, sqlite3.DataError)):
        return Refused("bad-field", detail=str(error))
    return None


def _from_postgresql(error: BaseException) -> ProdiguerError | None:
    state = getattr(error, "pgcode", None) or ""
    first_line = str(error).strip().partition("\n")[0]
    # Without a SQLSTATE the server never answered: it is away, or the connection broke.
    away = not state and type(error).__name__ in {"OperationalError", "InterfaceError"}
    if away or _WORLD_STATE.match(state):
        return Unavailable(f"the database does not answer for now: {first_line}")
    for pattern, code in _DATA_STATES:
        if pattern.match(state):
            return Refused(code, detail=first_line)
    return None


def translate_on(engine: Engine) -> None:
    """Let every statement of an engine fail in the platform's words."""

    @event.listens_for(engine, "handle_error")
    def raise_ours(context: ExceptionContext) -> None:
        ours = translated(context.original_exception)
        if ours is not None:
            raise ours from context.original_exception


@contextmanager
def translation() -> Iterator[None]:
    """For what does not go through SQLAlchemy: the pool, the drivers' own calls, the file."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the database fails: {error.strerror or error}") from error
    except Exception as error:
        ours = translated(error)
        if ours is None or ours is error:
            raise
        raise ours from error
