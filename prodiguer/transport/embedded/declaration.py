"""Queues and their bindings as a program wants them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from prodiguer.errors import ConfigurationError
from prodiguer.ports.transport import Queue
from prodiguer.transport.embedded.schema import SPAN
from prodiguer.transport.embedded.session import Session
from prodiguer.transport.publications import EXCHANGES, check_short


def declare(session: Session, queues: Sequence[Queue]) -> None:
    """Make these queues with exactly these bindings; other queues stay as they are.

    Raises:
        ConfigurationError: a binding to an exchange that there is not.
    """
    for queue in queues:
        _check(queue)
    with session.writing() as connection:
        changes = [_declare(connection, queue) for queue in queues]
        if any(changes):
            connection.execute("UPDATE broker SET bindings = bindings + 1")


def _check(queue: Queue) -> None:
    check_short("queue name", queue.name)
    for binding in queue.bindings:
        check_short("binding", binding.pattern)
        if binding.exchange not in EXCHANGES - {""}:
            raise ConfigurationError(
                f"queue {queue.name!r} binds to {binding.exchange!r}, which is no exchange"
            )


def _declare(connection: sqlite3.Connection, queue: Queue) -> bool:
    """True where something changed, so that publishers read the bindings again."""
    number, made = _find_or_make(connection, queue.name)
    wanted = {(binding.exchange, binding.pattern) for binding in queue.bindings}
    there = set(
        connection.execute("SELECT exchange, pattern FROM binding WHERE queue = ?", (number,))
    )
    connection.executemany(
        "DELETE FROM binding WHERE queue = ? AND exchange = ? AND pattern = ?",
        [(number, *binding) for binding in there - wanted],
    )
    connection.executemany(
        "INSERT INTO binding VALUES (?, ?, ?)", [(number, *binding) for binding in wanted - there]
    )
    return made or wanted != there


def _find_or_make(connection: sqlite3.Connection, name: str) -> tuple[int, bool]:
    row = connection.execute("SELECT id FROM queue WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return row[0], False
    number = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM queue").fetchone()[0]
    connection.execute(
        "INSERT INTO queue (id, name, next, cursor) VALUES (?, ?, ?, ?)",
        (number, name, number * SPAN, number * SPAN),
    )
    return number, True
