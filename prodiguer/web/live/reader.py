"""What the live face reads of the database, in threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prodiguer.ports.clock import Clock
from prodiguer.ports.live import Change, EventLog
from prodiguer.web.live.composing import MOST, ROOM
from prodiguer.web.live.filters import Filter, Interest
from prodiguer.web.live.told import Told, read

#: Changes that are read of the log at once.
POLL = 2_000
#: Bytes of JSON that are told to all at once.
ENOUGH = 8 * 1024 * 1024
#: A client that is far behind is coalesced over so many changes at once.
WINDOW = 20_000
#: A hub that begins knows so many of the last changes: after a restart everybody resumes there.
BEGIN = 1_000


@dataclass(frozen=True, slots=True)
class News:
    """What came after a position.

    Args:
        first: the oldest number that the log has.
        events: in their order.
        end: nothing is missing up to this number.
        more: there is more behind it.
    """

    first: int
    events: Sequence[Told]
    end: int
    more: bool


class Reader:
    """Asks the log. Every method may raise `Unavailable`.

    Args:
        log: the events.
        clock: for what depends on the hour.
    """

    def __init__(self, log: EventLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    def beginning(self, position: int) -> int:
        """Where to begin: at a position that was reached before, if it is not too far back."""
        first, last = self._log.bounds()
        least = max(first - 1, last - BEGIN, 0)
        return position if least <= position <= last else least

    def news(self, position: int, interest: Interest) -> News | None:
        """What all clients are to be told; None where nothing happened."""
        if self._log.head() <= position:
            return None
        stretch = self._log.after(position, POLL)
        wanted = [e for e in stretch.changes if interest.covers(e.type, e.simulation)]
        seen = read(self._log, wanted, self._clock.now(), ENOUGH)
        end = stretch.end
        if len(seen) < len(wanted):  # they are heavy
            end = seen[-1].seq
        by_seq = {event.seq: event for event in seen}
        events = [by_seq.get(e.seq) or Told(e) for e in stretch.changes if e.seq <= end]
        more = end < stretch.end or len(stretch.changes) == POLL
        return News(stretch.first, events, end, more)

    def missed(self, position: int, which: Filter, coalesce: bool) -> News:
        """What one client has missed that is further behind than memory goes: the next of it."""
        limit = WINDOW if coalesce else MOST + 1
        stretch = self._log.after(position, limit, sorted(which.types), which.simulation)
        changes = _newest(stretch.changes) if coalesce else stretch.changes
        seen = read(self._log, changes[:MOST], self._clock.now(), ROOM)
        more = len(seen) < len(changes)
        return News(stretch.first, seen, seen[-1].seq if more else stretch.end, more)


def _newest(changes: Sequence[Change]) -> Sequence[Change]:
    last = {(e.type, e.uid, e.simulation): e for e in changes}
    return sorted(last.values())
