"""How long a runner that was told to stop may go on with the batch it is at."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Stopped(Exception):
    """The time to finish is over: the batch is undone and stays in the queue."""


class Stop:
    """Whether to stop, and how much time is left for what has begun.

    Args:
        event: set by whoever wants the end.
        monotonic: seconds on a clock that never goes back.
        grace: seconds that a batch gets after the event.
    """

    def __init__(
        self, event: threading.Event, monotonic: Callable[[], float], grace: float = 5.0
    ) -> None:
        self.event = event
        self._monotonic = monotonic
        self._grace = grace
        self._since: float | None = None

    @property
    def asked(self) -> bool:
        """Somebody wants the end."""
        return self.event.is_set()

    @property
    def left(self) -> float:
        """Seconds that are left; all of them as long as nobody wants the end."""
        if not self.event.is_set():
            return self._grace
        if self._since is None:
            self._since = self._monotonic()
        return max(0.0, self._grace - (self._monotonic() - self._since))

    def check(self) -> None:
        """Go on.

        Raises:
            Stopped: the time is over.
        """
        if self.event.is_set() and not self.left:
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Pause, unless the end is wanted before."""
        self.event.wait(seconds)
