"""Which schema a database has, and whether this version can work with it."""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, inspect, text

from prodiguer.errors import ConfigurationError, SchemaMismatch, Unavailable
from prodiguer.filesystem import check_database_file
from prodiguer.storage.failures import is_damage, translation
from prodiguer.storage.urls import database_file

#: The newest of `migrations/versions`: what this version knows. Revisions are growing numbers.
HEAD = "0002"


def check_there(url: URL) -> None:
    """Raise `SchemaMismatch` or `ConfigurationError` where no file can be opened."""
    file = database_file(url)
    if file is not None and not check_database_file(file):
        raise SchemaMismatch(f"there is no database {file} yet: run `prodiguer db upgrade`")


def check_known(engine: Engine) -> None:
    """Raise `SchemaMismatch` unless the database has the schema that this version knows."""
    found = revision_of(engine)
    if found != HEAD:
        raise SchemaMismatch(difference(found))


def revision_of(engine: Engine) -> str | None:
    """The revision of a database that nobody has open yet; None where it has no schema.

    Raises:
        ConfigurationError: it is damaged: to wait, as later on, would not help.
        Unavailable: it does not answer.
    """
    try:
        with translation(), engine.connect() as connection:
            return revision(connection)
    except Unavailable as error:
        if is_damage(error):
            raise ConfigurationError(str(error)) from error
        raise


def difference(found: str | None) -> str:
    """Why a database of this revision is not used, and what to do."""
    if found is None:
        return "the database has no schema of this platform yet: run `prodiguer db upgrade`"
    if newer(found):
        return (
            f"the database has schema {found}, made by a newer version than this one, which knows"
            f" {HEAD}: use that version, or restore a backup"
        )
    return f"the database has schema {found}, this version needs {HEAD}: run `prodiguer db upgrade`"


def newer(found: str) -> bool:
    """Made by a version that is not out yet, as far as this one knows."""
    return not found.isdigit() or int(found) > int(HEAD)


def revision(connection: Connection) -> str | None:
    """The revision of a database; None where it has no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return found[0] if len(found) == 1 else None
