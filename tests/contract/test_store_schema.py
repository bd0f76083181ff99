"""The schema and the way to it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from store_harness import SqliteHarness
from store_kit import message

from prodiguer.errors import ConfigurationError, SchemaMismatch
from prodiguer.storage.migrate import alembic_config, current, upgrade
from prodiguer.storage.revision import head
from prodiguer.storage.schema import metadata
from prodiguer.storage.store import open_store


def execute(database: SqliteHarness, *statements: str) -> None:
    with closing(sqlite3.connect(database.directory / "prodiguer.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def declared(engine: Engine) -> dict[str, str]:
    """The words of every table and index."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql > ''")
        return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


def test_the_schema_by_migrations_is_the_schema_of_the_code(database: SqliteHarness) -> None:
    with database.store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_on_sqlite_even_the_words_are_the_same(database: SqliteHarness) -> None:
    by_code = create_engine("sqlite://")
    metadata.create_all(by_code)
    expected = declared(by_code)
    by_code.dispose()

    assert declared(database.store.engine) == expected


def test_every_table_on_sqlite_is_strict(database: SqliteHarness) -> None:
    tables = {
        name: sql
        for name, sql in declared(database.store.engine).items()
        if sql.startswith("CREATE TABLE") and not name.startswith("sqlite_")
    }

    assert set(tables) == set(metadata.tables)
    assert [name for name, sql in tables.items() if not sql.endswith("STRICT")] == []


def test_names_fit_into_63_bytes() -> None:
    names = [str(item.name) for table in metadata.tables.values() for item in table.indexes]
    names += [str(item.name) for table in metadata.tables.values() for item in table.constraints]

    assert max(map(len, names)) <= 63


def test_the_head_is_the_newest_migration(database: SqliteHarness) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())

    assert scripts.get_current_head() == head()
    assert current(database.url) == head()


def test_an_upgrade_can_be_repeated_and_keeps_what_is_there(database: SqliteHarness) -> None:
    with database.store.unit("archive") as unit:
        unit.archive.add([message(1)])
    before = declared(database.store.engine)

    upgrade(database.url)

    assert declared(database.store.engine) == before
    assert database.totals() == {"messages": 1}


def test_many_upgrades_at_once_make_one_database(tmp_path: Path) -> None:
    threads = [threading.Thread(target=upgrade, kwargs={"data": tmp_path}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert current(data=tmp_path) == head()
    assert [path.name for path in tmp_path.iterdir()] == ["prodiguer.db"]


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize("newer", ["9999", "abc123"])
def test_a_database_of_a_newer_version_is_refused(database: SqliteHarness, newer: str) -> None:
    execute(database, f"UPDATE alembic_version SET version_num = '{newer}'")

    for attempt in (lambda: open_store(database.url), lambda: upgrade(database.url)):
        with pytest.raises(SchemaMismatch) as refused:
            attempt()
        assert "newer version" in str(refused.value)
        assert "\n" not in str(refused.value)
    assert current(database.url) == newer


@pytest.mark.bad_input("B142")
def test_a_database_of_an_older_version_asks_for_the_upgrade(database: SqliteHarness) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '0000'")

    with pytest.raises(SchemaMismatch, match="prodiguer db upgrade"):
        open_store(database.url)


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize("break_it", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_a_database_that_was_half_migrated_is_refused(
    database: SqliteHarness, break_it: str
) -> None:
    execute(database, break_it)

    with pytest.raises(SchemaMismatch, match="prodiguer db upgrade"):
        open_store(database.url)
    with pytest.raises(ConfigurationError, match="tables of something else"):
        upgrade(database.url)


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
