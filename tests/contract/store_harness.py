"""The databases under contract. A new adapter is one more class here and one more fixture param."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from prodiguer.ports.clock import Clock
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.schema import metadata
from prodiguer.storage.store import SqlStore, open_store

WORKER = Path(__file__).with_name("store_worker.py")


class SqliteHarness:
    """A database in a file of its own."""

    _migrated: bytes = b""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.url = f"sqlite:///{directory / 'prodiguer.db'}"
        self._open: list[SqlStore] = []
        self._make(directory / "prodiguer.db")
        self.store = self.open()

    @classmethod
    def _make(cls, file: Path) -> None:
        """Migrated once, copied from then on."""
        if not cls._migrated:
            upgrade(f"sqlite:///{file}")
            cls._migrated = file.read_bytes()
        file.write_bytes(cls._migrated)

    def open(self, *, busy_timeout: float = 30.0, clock: Clock | None = None) -> SqlStore:
        """One more view of the same database, as another process has it."""
        store = open_store(self.url, busy_timeout=busy_timeout, clock=clock)
        self._open.append(store)
        return store

    def close(self) -> None:
        for store in self._open:
            store.close()

    def rows(self, table: str, *columns: str) -> list[Any]:
        """What is committed, sorted; of one column the bare values."""
        found = metadata.tables[table]
        wanted = [found.c[name] for name in columns] or list(found.c)
        with self.store.reading() as connection:
            rows = connection.execute(select(*wanted)).all()
        ordered = sorted(map(tuple, rows), key=lambda row: [(v is not None, v) for v in row])
        return [row[0] if len(columns) == 1 else row for row in ordered]

    def now(self) -> datetime:
        """A little after all that was put until now was due."""
        return datetime.now(UTC) + timedelta(milliseconds=1)

    def totals(self) -> dict[str, int]:
        return {name: value for name, value in self.rows("counters") if value}

    def start(self, *arguments: str, fault: str = "") -> subprocess.Popen[str]:
        """A process of its own; see store_worker.py for what it can do."""
        return subprocess.Popen(
            [sys.executable, str(WORKER), self.url, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PRODIGUER_FAULT": fault},
        )


HARNESSES = {"sqlite": SqliteHarness}
