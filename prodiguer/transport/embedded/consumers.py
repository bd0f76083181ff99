"""Which consumers there are, in SQL, and what becomes of those that are dead."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from prodiguer.errors import NotFound, Unavailable
from prodiguer.transport.embedded.owners import alive
from prodiguer.transport.embedded.session import Session


class Expelled(Unavailable):
    """This consumer was taken for dead (its file in `owners` is gone): what it held comes again."""


def queue_id(connection: sqlite3.Connection, name: str) -> int:
    """The number of a queue.

    Raises:
        NotFound: nobody declared it.
    """
    row = connection.execute("SELECT id FROM queue WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise NotFound(f"there is no queue {name!r}: declare it first")
    return int(row[0])


def enter(connection: sqlite3.Connection, queue: int, owner: str) -> int:
    """Note a consumer; its number is never used again."""
    row = connection.execute("INSERT INTO consumer (queue, owner) VALUES (?, ?)", (queue, owner))
    return int(row.lastrowid or 0)


def require_known(connection: sqlite3.Connection, consumer: int) -> None:
    """Return when this consumer was not ended by another.

    Raises:
        Expelled: it was.
    """
    row = connection.execute("SELECT 1 FROM consumer WHERE id = ?", (consumer,)).fetchone()
    if row is None:
        raise Expelled


def sweep(connection: sqlite3.Connection, owners: Path) -> None:
    """Remove the files that a crash left between the making of one and its row."""
    known = {name for (name,) in connection.execute("SELECT owner FROM consumer")}
    for path in owners.iterdir():
        if path.name not in known and not alive(path):
            path.unlink(missing_ok=True)


def end(connection: sqlite3.Connection, consumer: int) -> None:
    """Free all that a consumer holds and forget it; nothing happens where it is forgotten."""
    connection.execute(
        """UPDATE queue SET cursor = min(cursor, coalesce(
               (SELECT min(message) FROM lease WHERE consumer = :consumer), cursor))
           WHERE id = (SELECT queue FROM consumer WHERE id = :consumer)""",
        {"consumer": consumer},
    )
    connection.execute("UPDATE lease SET consumer = 0 WHERE consumer = ?", (consumer,))
    connection.execute("DELETE FROM consumer WHERE id = ?", (consumer,))


def free_the_dead(session: Session, owners: Path) -> None:
    """End every consumer whose process is dead."""
    consumers = session.read("SELECT id, owner FROM consumer")
    dead = {consumer: owners / owner for consumer, owner in consumers if not alive(owners / owner)}
    if not dead:
        return
    with session.writing() as connection:
        for consumer in dead:
            end(connection, consumer)
    for path in dead.values():
        path.unlink(missing_ok=True)
    session.board.announce()
