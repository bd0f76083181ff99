"""Who holds which message, in SQL: each function is a part of one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from prodiguer.transport.embedded.schema import SPAN
from prodiguer.transport.embedded.session import Session

#: Bytes of bodies that one claim stops at: 500 messages of 1 MiB would be half a gigabyte.
CLAIM_BYTES = 32 * 1024 * 1024


class Claimed(NamedTuple):
    """A row that a consumer got."""

    id: int
    exchange: str
    routing_key: str
    properties: bytes
    body: bytes
    redelivered: bool


def something_ready(session: Session, queue: int) -> bool:
    """Whether a claim may find something, asked without the write lock."""
    sql = """SELECT EXISTS (SELECT 1 FROM message
             WHERE id >= (SELECT cursor FROM queue WHERE id = ?) AND id < ?)"""
    return bool(session.read(sql, (queue, (queue + 1) * SPAN))[0][0])


def claim(
    connection: sqlite3.Connection, queue: int, consumer: int, limit: int
) -> Sequence[Claimed]:
    """Lease the oldest free messages of a queue to a consumer."""
    claimed = _oldest_free(connection, queue, limit)
    connection.executemany(
        "INSERT OR REPLACE INTO lease VALUES (?, ?)", [(row.id, consumer) for row in claimed]
    )
    if claimed:
        connection.execute("UPDATE queue SET cursor = ? WHERE id = ?", (claimed[-1].id + 1, queue))
    else:
        connection.execute("UPDATE queue SET cursor = next WHERE id = ?", (queue,))
    return claimed


def _oldest_free(connection: sqlite3.Connection, queue: int, limit: int) -> list[Claimed]:
    rows = connection.execute(
        """SELECT m.id, m.exchange, m.routing_key, m.properties, m.body, l.message IS NOT NULL
           FROM message m LEFT JOIN lease l ON l.message = m.id
           WHERE m.id >= (SELECT cursor FROM queue WHERE id = ?) AND m.id < ?
             AND (l.consumer IS NULL OR l.consumer = 0)
           ORDER BY m.id LIMIT ?""",
        (queue, (queue + 1) * SPAN, limit),
    )
    found, size = [], 0
    for row in rows:
        found.append(Claimed._make(row))
        size += len(row[4])
        if size >= CLAIM_BYTES:
            break
    rows.close()
    return found


def forget(connection: sqlite3.Connection, queue: int, messages: Sequence[int]) -> None:
    """Delete what a consumer of this queue holds and is done with."""
    rows = [(message,) for message in messages]
    connection.executemany("DELETE FROM lease WHERE message = ?", rows)
    connection.executemany("DELETE FROM message WHERE id = ?", rows)
    connection.execute("UPDATE queue SET depth = depth - ? WHERE id = ?", (len(rows), queue))


def give_back(connection: sqlite3.Connection, queue: int, messages: Sequence[int]) -> None:
    """Free what a consumer of this queue holds; it stands at its old place."""
    rows = [(message,) for message in messages]
    connection.executemany("UPDATE lease SET consumer = 0 WHERE message = ?", rows)
    connection.execute(
        "UPDATE queue SET cursor = min(cursor, ?) WHERE id = ?", (min(messages), queue)
    )
