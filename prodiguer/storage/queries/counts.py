"""Totals that the writers maintain, so that nobody counts millions of rows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from prodiguer.storage.schema import counters

NAMES = ("simulations", "jobs", "messages", "mails", "dead_letters")


def total(connection: Connection, name: str) -> int:
    """One of the counters; one that was never touched is 0."""
    statement = select(counters.c.value).where(counters.c.name == name)
    return connection.execute(statement).scalar_one_or_none() or 0


def all_counts(connection: Connection) -> Mapping[str, int]:
    """Of each of `NAMES` how many there are; of simulations the active tries."""
    rows = connection.execute(select(counters.c.name, counters.c.value))
    known = {row.name: row.value for row in rows}
    return {name: known.get(name, 0) for name in NAMES}
