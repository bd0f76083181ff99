"""Where a database is: `sqlite:///PATH` (a file) or `postgresql://…`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from prodiguer.errors import ConfigurationError

FILE_NAME = "prodiguer.db"


def database_url(text: str, data: Path | None) -> URL:
    """What the setting means; empty: a file in the data directory.

    Raises:
        ConfigurationError: no URL, or of a database that is not known.
    """
    if not text:
        if data is None:
            raise ConfigurationError("[database] url is empty and there is no data directory")
        return URL.create("sqlite", database=str(data / FILE_NAME))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "[database] url is no URL: write sqlite:///PATH or postgresql://HOST/NAME"
        ) from None
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg2")
    if backend != "sqlite":
        raise ConfigurationError(
            f"[database] url: {backend} is not known: write sqlite:///PATH or postgresql://HOST/NAME"
        )
    if not url.database or url.database == ":memory:" or url.query:
        raise ConfigurationError("[database] url: SQLite needs a file, as in sqlite:///PATH")
    return url.set(drivername="sqlite")


def database_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
