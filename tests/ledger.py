"""The oracle of every test that kills something: what was attempted, accepted, stored, effected.

Generators note each message before they send it and after the platform's yes, in files of their own
outside of the system under test. At the end, with all queues drained:

- accepted - stored must be empty: nothing that got a yes is lost;
- stored - attempted must be empty: nothing was invented;
- no effect twice, dead letters as expected, state equal to the fold over what is stored.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prodiguer.domain.fold import fold
from prodiguer.domain.message import Message
from prodiguer.storage import rebuild
from prodiguer.storage.store import open_store
from prodiguer.wire.catalog import Catalog


class Ledger:
    """What the generators say, in synced files of one directory."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._lock = threading.Lock()

    def attempt(self, uids: Iterable[str]) -> None:
        self._note("attempted", uids)

    def accept(self, uids: Iterable[str]) -> None:
        self._note("accepted", uids)

    def _note(self, name: str, uids: Iterable[str]) -> None:
        # Open for no longer than this: a test that fails leaves nothing behind for the next one.
        with self._lock, (self._directory / name).open("a") as file:
            file.writelines(f"{uid}\n" for uid in uids)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, name: str) -> set[str]:
        file = self._directory / name
        return set(file.read_text().split()) if file.exists() else set()

    def check(self, data: Path, *, dead: int = 0) -> None:
        """Hold the database of a stopped platform against what was said."""
        attempted, accepted = self._read("attempted"), self._read("accepted")
        with closing(sqlite3.connect(data / "prodiguer.db")) as database:
            rows = database.execute("select uid from messages").fetchall()
            stored = {row[0] for row in rows}
            letters = database.execute("select reason from dead_letters").fetchall()
            revisions = dict(database.execute("select uid, revision from simulations"))
        assert not accepted - stored, f"{len(accepted - stored)} accepted messages are lost"
        assert not stored - attempted, f"{len(stored - attempted)} messages were invented"
        assert len(rows) == len(stored), "a message is stored twice"
        assert len(letters) == dead, letters[:10]
        messages = archived(data)
        assert revisions == effects(messages), "an effect is missing or was made twice"
        assert states_stored(data) == states_told(messages)


def archived(data: Path) -> list[Message]:
    """All messages of a database, in the order in which it gives them."""
    catalog = Catalog.installed()
    with closing(open_store(data=data)) as store:
        return [m for batch in rebuild.messages(store, catalog.types) for m in batch]


def effects(messages: Iterable[Message]) -> dict[str, int]:
    """Of each run how many messages must have had their effect on it."""
    counts: dict[str, int] = {}
    for message in messages:
        if message.app == "monitoring" and message.simulation_uid:
            counts[message.simulation_uid] = counts.get(message.simulation_uid, 0) + 1
    return counts


def states_told(messages: Iterable[Message]) -> Mapping[Any, Any]:
    """The states by the definition: the fold over the set."""
    # What is stored is without lateness, and before all messages nothing is late.
    world = fold(messages, datetime(1970, 1, 1, tzinfo=UTC))
    runs = {
        uid: (run.state, round(run.progress, 9), run.number, run.of, run.active)
        for uid, run in world.simulations.items()
    }
    jobs = {key: (job.state, job.kind, job.warning_delay) for key, job in world.jobs.items()}
    return {**runs, **jobs}


def states_stored(data: Path) -> Mapping[Any, Any]:
    """The states that the increments left in the tables."""
    with closing(sqlite3.connect(data / "prodiguer.db")) as database:
        runs = database.execute(
            "select uid, state, progress, try_number, tries, active from simulations"
        )
        told = {uid: (s, round(p, 9), n, of, bool(a)) for uid, s, p, n, of, a in runs}
        jobs = database.execute("select simulation_uid, uid, state, kind, warning_delay from jobs")
        return {**told, **{(run, uid): tuple(rest) for run, uid, *rest in jobs}}


def tables(data: Path) -> dict[str, list[Any]]:
    """Every projection as sorted rows: what a rebuild must give again."""
    names = ("simulations", "jobs", "periods", "failed_commands", "config_cards", "transfers")
    with closing(sqlite3.connect(data / "prodiguer.db")) as database:
        return {
            name: sorted(map(json.dumps, database.execute(f"select * from {name}").fetchall()))
            for name in names
        }
