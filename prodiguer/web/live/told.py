"""An event as clients are told it: its JSON is made once, whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prodiguer.ports.live import LARGEST, RESET, Change, EventLog, Run
from prodiguer.web.etags import encode

#: Objects that are read in one snapshot: few at first, since each may be large, then more.
_FIRST, _MOST = 10, 200

_NOTHING = b"null"

Key = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Told:
    """One event. ``data`` is None where the object was not read, since nobody wanted it."""

    change: Change
    data: bytes | None = None
    run: Run | None = None

    @property
    def seq(self) -> int:
        """Its place in the log."""
        return self.change.seq

    @property
    def key(self) -> Key:
        """What it is about."""
        return (self.change.type, self.change.uid, self.change.simulation)

    @property
    def is_reset(self) -> bool:
        """All is to be loaded again."""
        return self.change.type == RESET

    @property
    def json(self) -> bytes:
        """The event."""
        seq, at, type_, uid, _ = self.change
        head = encode({"seq": seq, "type": type_, "at": at, "uid": uid})
        return b'%b,"data":%b}' % (head[:-1], self.data or _NOTHING)


def read(log: EventLog, changes: Sequence[Change], now: datetime, enough: int) -> list[Told]:
    """Read what has become of these, each object once.

    Runs in a thread: it asks the database.

    Args:
        log: knows the objects.
        changes: in their order.
        now: for what depends on the hour.
        enough: bytes of JSON after which the rest is left for another time.
    """
    told: list[Told] = []
    weight, size = 0, _FIRST
    while len(told) < len(changes) and weight <= enough:
        portion = changes[len(told) : len(told) + size]
        size = min(2 * size, _MOST)
        distinct = list({(e.type, e.uid, e.simulation): e for e in portion}.values())
        found: dict[Key, tuple[bytes, Run | None]] = {}
        for change, seen in zip(distinct, log.look(distinct, now), strict=True):
            data = _encoded(seen.view)
            weight += len(data)
            found[change.type, change.uid, change.simulation] = (data, seen.run)
        told += [Told(e, *found[e.type, e.uid, e.simulation]) for e in portion]
    return told


def _encoded(view: Mapping[str, Any] | None) -> bytes:
    data = _NOTHING if view is None else encode(view)
    return data if len(data) <= LARGEST else _NOTHING


def newest(changes: Sequence[Told]) -> list[Told]:
    """Of each object the newest event alone, in the order of those."""
    last: dict[Key, Told] = {}
    for one in changes:
        last.pop(one.key, None)
        last[one.key] = one
    return list(last.values())
