"""What a unit of work writes last, all of it at once: events, outbox rows, totals.

Last, since the numbers of events must be in the order of commits, and since the rows of totals
are shared by all writers: both are held for as short as can be.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from prodiguer.storage.portable import Insert, Row, Write, lock_words, nothing
from prodiguer.storage.schema import counters, events, outbox


def _adding(statement: Insert) -> Insert:
    return statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + statement.excluded.value}
    )


_add_events = Write(events, ["at", "type", "uid", "simulation_uid"], lambda statement: statement)
_add_totals = Write(counters, ["name", "value"], _adding)
_put_outbox = Write(outbox, ["app", "kind", "key", "payload", "due"], nothing)


class Mark(NamedTuple):
    """A place to come back to."""

    events: int
    outbox: int
    totals: Counter[str]


@dataclass(slots=True)
class Tail:
    """What is going to be written."""

    #: type, uid, simulation uid.
    events: list[tuple[str, str, str | None]] = field(default_factory=list)
    #: kind, key, payload (JSON).
    outbox: list[tuple[str, str, str]] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)
    #: What is saved of jobs in columns with an index, as far as this transaction has seen; None
    #: where there is no row.
    known_jobs: dict[tuple[str, str], Row | None] = field(default_factory=dict)

    def mark(self) -> Mark:
        """Where it stands now."""
        return Mark(len(self.events), len(self.outbox), Counter(self.totals))

    def rewind(self, mark: Mark) -> None:
        """Forget what came after a mark."""
        del self.events[mark.events :]
        del self.outbox[mark.outbox :]
        self.totals = mark.totals
        self.known_jobs.clear()

    def write(self, connection: Connection, app: str, now: int) -> None:
        """Write it, in microseconds ``now``."""
        items: list[Row] = [(app, *item, now) for item in self.outbox]
        _put_outbox(connection, sorted(items))
        _add_totals(connection, sorted((n, value) for n, value in self.totals.items() if value))
        if self.events:
            lock_words(connection, ["events"])
            _add_events(connection, [(now, *event) for event in self.events])
