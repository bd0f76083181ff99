"""What is done every so many seconds, whether messages come or not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prodiguer.errors import Halt, Unavailable

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Every:
    """Something that is done every so many seconds; for the first time at once."""

    seconds: float
    name: str
    action: Callable[[], object]
    due: float = float("-inf")


class Ticks:
    """What one app does, and its runner besides, by the clock.

    Args:
        app: its name.
        monotonic: seconds on a clock that never goes back.
    """

    def __init__(self, app: str, all: Sequence[Every], monotonic: Callable[[], float]) -> None:
        self._app = app
        self._all = list(all)
        self._monotonic = monotonic

    def wait(self, most: float) -> float:
        """Seconds until the next one is due, at most so many."""
        now = self._monotonic()
        return min([most, *(max(0.0, every.due - now) for every in self._all)])

    def run_due(self) -> int:
        """Do those that are due; how many have a mistake in them, which ends neither app nor tick.

        Raises:
            Halt: a tick asks for the end of the app.
        """
        return sum(
            not self._went_well(every) for every in self._all if every.due <= self._monotonic()
        )

    def _went_well(self, every: Every) -> bool:
        """As far as the tick is concerned: the world may be away."""
        # From now, not from when it was due: after a pause there is nothing to catch up.
        every.due = self._monotonic() + every.seconds
        try:
            every.action()
        except Halt:
            raise
        except Exception as error:  # the next one may go well
            away = isinstance(error, Unavailable)
            log.log(
                logging.WARNING if away else logging.ERROR,
                "a tick failed",
                # A traceback only where somebody can repair something.
                exc_info=None if away else error,
                extra={
                    "action": "tick_failed",
                    "app": self._app,
                    "tick": every.name,
                    "error": repr(error),
                },
            )
            return away
        return True
