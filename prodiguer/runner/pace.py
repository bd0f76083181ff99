"""How many messages one transaction takes, so that none lasts much longer than a second."""

from __future__ import annotations

#: What a unit does not exceed unless it is told otherwise. A page of the database that many
#: messages change is written once a transaction: a backlog goes away much faster by 2,000 than
#: by 500, and the runs and jobs that several of them speak of are saved once.
LARGEST = 2_000


class Pace:
    """Starts small, grows while units are quick, shrinks when they are slow.

    On SQLite one writer works at a time: an app whose handler needs ten seconds must not keep the
    others out for a batch of five hundred.

    Args:
        most: what a unit never exceeds.
        target: seconds that a unit may last.
    """

    START = 32

    def __init__(self, most: int, target: float = 1.0) -> None:
        self._most = most
        self._target = target
        self.size = min(self.START, most)

    def note(self, messages: int, seconds: float) -> None:
        """A unit of so many messages lasted so long."""
        affordable = int(messages * self._target / seconds) if seconds > 0 else self._most
        if seconds > self._target:
            self.size = max(1, min(self.size, affordable))
        elif messages >= self.size:
            # Half of what seems affordable: the next messages may be dearer than these.
            self.size = max(self.size, min(self._most, self.size * 4, affordable // 2))
