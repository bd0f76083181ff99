"""A copy of a database in use."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from store_harness import SqliteHarness
from store_kit import message

from prodiguer.errors import ConfigurationError, SchemaMismatch
from prodiguer.storage.backup import backup, integrity
from prodiguer.storage.store import open_store


def test_a_backup_made_while_others_write_is_one_whole_state(
    sqlite_database: SqliteHarness, tmp_path: Path
) -> None:
    def write() -> None:
        number = 1
        while not done.is_set():
            with sqlite_database.store.unit("archive") as unit:
                unit.archive.add([message(n) for n in range(number, number + 20)])
                unit.values.put(f"{number}", number)
            number += 20
            begun.set()

    begun, done = threading.Event(), threading.Event()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(60)
        backup(sqlite_database.url, tmp_path / "prodiguer.db")
    finally:
        done.set()
        writer.join()

    integrity("", data=tmp_path)
    copy = open_store(data=tmp_path)
    with copy.reading() as connection:
        messages = connection.exec_driver_sql("SELECT count(*) FROM messages").scalar_one()
        batches = connection.exec_driver_sql("SELECT count(*) FROM app_values").scalar_one()
        total = connection.exec_driver_sql("SELECT value FROM counters").scalar_one()
    copy.close()
    assert messages == total == batches * 20 > 0
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_backup_replaces_nothing(sqlite_database: SqliteHarness, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")

    with pytest.raises(ConfigurationError, match="is there already"):
        backup(sqlite_database.url, target)
    with pytest.raises(ConfigurationError, match="no directory"):
        backup(sqlite_database.url, tmp_path / "missing" / "copy.db")

    assert target.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [target]


def test_there_is_no_backup_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch):
        backup("", tmp_path / "copy.db", data=tmp_path)

    assert list(tmp_path.iterdir()) == []
