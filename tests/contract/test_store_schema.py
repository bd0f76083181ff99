"""The schema and the way to it."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_harness import SqliteHarness
from store_kit import message

from prodiguer.errors import ConfigurationError, SchemaMismatch
from prodiguer.storage.migrate import alembic_config, current, upgrade
from prodiguer.storage.revision import HEAD
from prodiguer.storage.schema import metadata
from prodiguer.storage.store import open_store


def execute(database: SqliteHarness, statement: str) -> None:
    with database.store.writing() as connection:
        connection.exec_driver_sql(statement)


def differences(database: SqliteHarness) -> object:
    with database.store.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), metadata)


def test_the_schema_by_migrations_is_the_schema_of_the_code(database: SqliteHarness) -> None:
    assert differences(database) == []


def test_names_fit_into_63_bytes() -> None:
    names = [str(item.name) for table in metadata.tables.values() for item in table.indexes]
    names += [str(item.name) for table in metadata.tables.values() for item in table.constraints]

    assert max(map(len, names)) <= 63


def test_the_head_is_the_newest_migration(database: SqliteHarness) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())

    assert scripts.get_current_head() == HEAD
    assert current(database.url) == HEAD


def test_an_upgrade_can_be_repeated_and_keeps_what_is_there(database: SqliteHarness) -> None:
    with database.store.unit("archive") as unit:
        unit.archive.add([message(1)])

    upgrade(database.url)

    assert differences(database) == []
    assert database.totals() == {"messages": 1}


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
