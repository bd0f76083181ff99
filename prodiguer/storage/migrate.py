"""How a database gets the schema that this version knows."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, inspect

from prodiguer.errors import ConfigurationError, SchemaMismatch
from prodiguer.filesystem import check_database_file, sync_directory
from prodiguer.storage.engine import WRITES, make_engine
from prodiguer.storage.failures import translation
from prodiguer.storage.portable import lock_words
from prodiguer.storage.revision import HEAD, difference, newer, revision, revision_of
from prodiguer.storage.urls import database_file, database_url

#: Alembic keeps what it is at in a module: one migration at a time in a process.
_alembic = threading.Lock()


def current(url: str = "", *, data: Path | None = None) -> str | None:
    """The revision of a database; None where it has no schema yet.

    Raises:
        ConfigurationError: it cannot be a database, or is damaged.
        Unavailable: it does not answer.
    """
    where = database_url(url, data)
    file = database_file(where)
    if file is not None and not check_database_file(file):
        return None
    engine = make_engine(where)
    try:
        return revision_of(engine)
    finally:
        engine.dispose()


def upgrade(url: str = "", *, data: Path | None = None) -> None:
    """Bring a database to the schema that this version knows; make it where there is none.

    Raises:
        SchemaMismatch: it is of a newer version; nothing is done.
        ConfigurationError, Unavailable: it cannot be used.
    """
    where = database_url(url, data)
    file = database_file(where)
    if file is not None and not check_database_file(file):
        _make(file)
        return
    engine = make_engine(where)
    try:
        _upgrade(engine)
    finally:
        engine.dispose()


def _make(file: Path) -> None:
    """A new database appears complete or not at all: made beside its place, then linked."""
    if not file.parent.is_dir():
        raise ConfigurationError(f"there is no directory {file.parent}: make it first")
    with translation():
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".new", dir=file.parent)
        os.close(handle)
    beside = Path(name)
    try:
        engine = make_engine(URL.create("sqlite", database=str(beside)))
        try:
            _upgrade(engine)
        finally:
            engine.dispose()  # the last to leave copies the write-ahead log into the file
        with translation():
            _publish(beside, file)
    finally:
        for leftover in (beside, Path(f"{beside}-wal"), Path(f"{beside}-shm")):
            leftover.unlink(missing_ok=True)


def _publish(beside: Path, file: Path) -> None:
    try:
        os.link(beside, file)
    except FileExistsError:
        return  # another process was faster, with the same result
    sync_directory(file.parent)


def _upgrade(engine: Engine) -> None:
    with translation():
        connection = engine.connect()
    with connection:
        connection.execution_options(**{WRITES: True})
        with connection.begin():  # all migrations or none
            lock_words(connection, ["migrations"])
            _migrate(connection)


def _migrate(connection: Connection) -> None:
    found = revision(connection)
    if found == HEAD:
        return
    if found is None and inspect(connection).get_table_names():
        raise ConfigurationError(
            "the database holds tables of something else: give the platform a database of its own"
        )
    if found is not None and newer(found):
        raise SchemaMismatch(difference(found))
    with _alembic:
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings: where the migrations are, and the connection to use."""
    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
    )
    config.attributes["connection"] = connection
    return config
