"""What the schema is on SQLite, to the word, and how the file of a database comes to be."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from store_harness import SqliteHarness

from prodiguer.errors import ConfigurationError, SchemaMismatch
from prodiguer.storage.migrate import current, upgrade
from prodiguer.storage.revision import HEAD
from prodiguer.storage.schema import metadata
from prodiguer.storage.store import open_store


def declared(engine: Engine) -> dict[str, str]:
    """The words of every table and index."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql > ''")
        return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


def test_on_sqlite_even_the_words_are_the_same(sqlite_database: SqliteHarness) -> None:
    by_code = create_engine("sqlite://")
    metadata.create_all(by_code)
    expected = declared(by_code)
    by_code.dispose()

    assert declared(sqlite_database.store.engine) == expected


def test_every_table_on_sqlite_is_strict(sqlite_database: SqliteHarness) -> None:
    tables = {
        name: sql
        for name, sql in declared(sqlite_database.store.engine).items()
        if sql.startswith("CREATE TABLE") and not name.startswith("sqlite_")
    }

    assert set(tables) == set(metadata.tables)
    assert [name for name, sql in tables.items() if not sql.endswith("STRICT")] == []


def test_many_upgrades_at_once_make_one_database(tmp_path: Path) -> None:
    threads = [threading.Thread(target=upgrade, kwargs={"data": tmp_path}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert current(data=tmp_path) == HEAD
    assert [path.name for path in tmp_path.iterdir()] == ["prodiguer.db"]


def test_where_there_is_none_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="prodiguer db upgrade"):
        open_store(data=tmp_path)

    assert current(data=tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "prodiguer.db")) as connection:
        connection.execute("CREATE TABLE notes (text)")

    with pytest.raises(ConfigurationError, match="tables of something else"):
        upgrade(data=tmp_path)
    with pytest.raises(SchemaMismatch):
        open_store(data=tmp_path)


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    upgrade(data=tmp_path)

    assert (tmp_path / "prodiguer.db").stat().st_mode & 0o777 == 0o600
