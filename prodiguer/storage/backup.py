"""A copy of a database that is in use, and whether a database is sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from prodiguer.errors import ConfigurationError
from prodiguer.filesystem import check_database_file, sync_directory
from prodiguer.storage.failures import translation
from prodiguer.storage.revision import check_there
from prodiguer.storage.urls import database_file, database_url

#: Pages a step: between two steps writers may write.
_STEP = 1024
#: A damaged database has more to say than anyone reads.
_MOST = 100


def backup(url: str, target: Path, *, data: Path | None = None) -> None:
    """Copy the SQLite database of a URL to a new file, while others go on writing.

    The copy is one state of the database, complete or not there at all.

    Raises:
        ConfigurationError: there is something at ``target`` already, or the database is no file.
        Unavailable: the disk is full, or the like.
    """
    source = _file(url, data)
    if target.exists() or target.is_symlink():
        raise ConfigurationError(f"{target} is there already: choose a new name")
    if not target.parent.is_dir():
        raise ConfigurationError(f"there is no directory {target.parent}: make it first")
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with translation():
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(beside)) as new:
                old.backup(new, pages=_STEP, sleep=0.0)
            _publish(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def integrity(url: str, *, data: Path | None = None) -> None:
    """Return when the SQLite database of a URL is sound; a server checks its files by itself.

    It reads all of it: some seconds a gigabyte.

    Raises:
        ConfigurationError: it is damaged; what is wrong, and the remedy.
    """
    if database_file(database_url(url, data)) is None:
        return
    file = _file(url, data)
    with translation(), closing(sqlite3.connect(file)) as connection:
        try:
            found = connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
        except sqlite3.DatabaseError as error:
            found = [(str(error),)]
    if found != [("ok",)]:
        lines = [line for (text,) in found for line in text.splitlines()]
        wrong = "; ".join([line for line in lines if not line.startswith("***")][:3])
        raise ConfigurationError(
            f"{file} is damaged ({wrong}): stop the platform, keep a copy and restore a backup"
        )


def _file(url: str, data: Path | None) -> Path:
    where = database_url(url, data)
    file = database_file(where)
    if file is None:
        raise ConfigurationError("a PostgreSQL database is copied with pg_dump")
    check_there(where)
    check_database_file(file)
    return file


def _publish(beside: Path, target: Path) -> None:
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    os.link(beside, target)  # unlike a rename it replaces nothing that came between
    sync_directory(target.parent)
