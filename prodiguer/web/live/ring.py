"""The newest events in memory, so that whoever is a little behind asks no database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from prodiguer.web.live.told import Told


class Ring:
    """Holds the events from one position of the log to another, without gaps.

    Args:
        most: events.
        room: bytes of their JSON, about.
    """

    def __init__(self, most: int, room: int) -> None:
        self._most = most
        self._room = room
        self._events: list[Told] = []
        self._seqs: list[int] = []
        self._weight = 0
        #: It knows what came after `start`, up to `end`.
        self.start = self.end = 0

    def restart(self, position: int) -> None:
        """Forget all, and begin behind a position."""
        self._events, self._seqs, self._weight = [], [], 0
        self.start = self.end = position

    def add(self, events: Sequence[Told], end: int) -> None:
        """What follows, up to a position."""
        self._events += events
        self._seqs += [event.seq for event in events]
        self._weight += sum(map(_weight, events))
        self.end = end
        if len(self._events) > self._most or self._weight > self._room:
            self._shrink()

    def after(self, position: int) -> Sequence[Told] | None:
        """The events behind a position; None where some of them are no longer here."""
        if not self.start <= position <= self.end:
            return None
        return self._events[bisect_right(self._seqs, position) :]

    def _shrink(self) -> None:
        # To the half: seldom, and not a little at each event.
        keep = weight = 0
        for event in reversed(self._events):
            weight += _weight(event)
            if keep >= self._most // 2 or weight > self._room // 2:
                break
            keep += 1
        drop = len(self._events) - keep
        self.start = self._seqs[drop - 1]
        del self._events[:drop], self._seqs[:drop]
        self._weight = sum(map(_weight, self._events))


def _weight(event: Told) -> int:
    return len(event.data or b"")
