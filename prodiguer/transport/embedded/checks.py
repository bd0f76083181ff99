"""What is looked at before a ``broker.db`` is trusted, each refusal with its remedy."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from prodiguer.errors import ConfigurationError
from prodiguer.transport.embedded.schema import APPLICATION, VERSION


def damage_advice(path: Path) -> str:
    """What to do about a file that cannot be read."""
    return (
        f"stop every process that uses it, move it aside (`mv {path} {path}.damaged`) and start"
        " again with empty queues. What it held can be sought with `sqlite3 … .recover`, and mails"
        " that were not yet decoded are still in the inbox."
    )


def refuse_other_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Return when the tables are those of this version.

    Raises:
        ConfigurationError: they are not; the text says how to go on.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise ConfigurationError(f"{path} is the database of another program: move it away.")
    if version > VERSION:
        raise ConfigurationError(
            f"{path} was made by a newer prodiguer (its schema is {version}, this program knows"
            f" {VERSION}): install that version again, or start with another data directory."
        )
    if version < VERSION:
        raise ConfigurationError(f"{path} has the unknown schema {version}: {damage_advice(path)}")


def check_after_crash(path: Path, presence: BinaryIO) -> None:
    """Read all pages where nobody has the file open and its log was left behind.

    Args:
        path: the database.
        presence: an open file that every process with this broker locks for as long.

    Raises:
        ConfigurationError: a page is damaged.
    """
    try:
        fcntl.flock(presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(presence, fcntl.LOCK_SH)
        return
    try:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size > 0:
            _read_all(path)
    finally:
        fcntl.flock(presence, fcntl.LOCK_SH)


def _read_all(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        finding = str(error)
    if finding != "ok":
        finding = " ".join(finding.split())  # SQLite writes it over several lines
        raise ConfigurationError(f"{path} is damaged ({finding}): {damage_advice(path)}")
