"""The tables of ``broker.db`` and how a new file gets them."""

from __future__ import annotations

import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from prodiguer.filesystem import sync_directory

#: Says that a SQLite file is a broker (``application_id``): the letters PRDG.
APPLICATION = 0x50524447

#: The version of these tables (``user_version``).
VERSION = 1

#: A queue's messages have the row ids from queue * SPAN on. So each queue is a range of the table
#: itself, in order of arrival, and needs no index: half of the writing is saved. A queue is full
#: after 17 million million messages.
SPAN = 2**44

TABLES = """
CREATE TABLE broker (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    bindings INTEGER NOT NULL           -- grows by one whenever a binding changes
);
INSERT INTO broker VALUES (1, 0);

CREATE TABLE queue (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    depth INTEGER NOT NULL DEFAULT 0,   -- messages, taken or not: counting a million is slow
    next INTEGER NOT NULL,              -- id of the next message
    cursor INTEGER NOT NULL             -- every message before it is taken
);

CREATE TABLE binding (
    queue INTEGER NOT NULL REFERENCES queue,
    exchange TEXT NOT NULL,
    pattern TEXT NOT NULL,
    PRIMARY KEY (queue, exchange, pattern)
) WITHOUT ROWID;

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    published_at INTEGER NOT NULL,      -- microseconds since the epoch
    exchange TEXT NOT NULL,
    routing_key TEXT NOT NULL,
    properties BLOB NOT NULL,           -- MessagePack
    body BLOB NOT NULL
);

CREATE TABLE consumer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL REFERENCES queue,
    owner TEXT NOT NULL                 -- the file in owners/ that is locked while it lives
);

CREATE TABLE lease (                    -- of a message that was handed out at least once
    message INTEGER PRIMARY KEY,
    consumer INTEGER NOT NULL           -- 0: given back, free to be taken again
);
"""


def create(path: Path) -> None:
    """Make a new broker at ``path``; nothing happens where another process was faster.

    It appears complete or not at all, so an empty file is never ours.
    """
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _fill(draft)
        _appear(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _fill(draft: Path) -> None:
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        # 8 KiB pages hold several messages and were the fastest of 4, 8 and 16.
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(f"BEGIN; {TABLES} COMMIT;")
        connection.execute("PRAGMA journal_mode = WAL")


def _appear(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    sync_directory(path.parent)
