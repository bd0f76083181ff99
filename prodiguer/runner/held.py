"""Messages that a handler put off: they stay with the consumer, unacknowledged, until they are due.

A crash gives them back to the queue, so nothing has to be stored.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from prodiguer.ports.transport import Delivery

#: Nothing is held longer: a broker takes back what is unacknowledged for half an hour.
LONGEST = 900.0
#: Above so many nothing new is taken until some are due.
MOST = 2000


class Held:
    """Deliveries by the time when they are due.

    Args:
        monotonic: seconds on a clock that never goes back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._heap: list[tuple[float, int, Delivery]] = []
        self._number = 0

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def full(self) -> bool:
        """So much is put off that nothing new may be taken."""
        return len(self._heap) >= MOST

    def put(self, delivery: Delivery, after: float) -> None:
        """Hold it for so many seconds, a quarter of an hour at most."""
        self._number += 1
        due = self._monotonic() + min(max(after, 0.0), LONGEST)
        heapq.heappush(self._heap, (due, self._number, delivery))

    def due(self, limit: int) -> list[Delivery]:
        """Take out those whose time has come."""
        now = self._monotonic()
        taken: list[Delivery] = []
        while self._heap and self._heap[0][0] <= now and len(taken) < limit:
            taken.append(heapq.heappop(self._heap)[2])
        return taken

    def wait(self, most: float) -> float:
        """Seconds until the next is due, at most so many."""
        if not self._heap:
            return most
        return min(most, max(0.0, self._heap[0][0] - self._monotonic()))
