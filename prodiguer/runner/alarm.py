"""One loud word when many messages crash, instead of a thousand that nobody reads."""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class CrashAlarm:
    """Rings once when crashes come thick, and again only after a calm spell.

    Args:
        app: whose handler crashes.
        monotonic: seconds on a clock that never goes back.
        limit: crashes within a spell that make it ring.
        spell: seconds; so long without a crash is calm.
    """

    def __init__(
        self, app: str, monotonic: Callable[[], float], *, limit: int = 20, spell: float = 60.0
    ) -> None:
        self._app = app
        self._monotonic = monotonic
        self._limit = limit
        self._spell = spell
        self._crashes = 0
        self._last = float("-inf")

    def note(self, crashes: int) -> None:
        """So many messages of a batch crashed."""
        if not crashes:
            return
        now = self._monotonic()
        if now - self._last > self._spell:
            self._crashes = 0
        self._last = now
        rang = self._crashes >= self._limit
        self._crashes += crashes
        if self._crashes >= self._limit and not rang:
            log.critical(
                "many messages crash: the handler is broken; repair it, then send the dead"
                " letters of this app again",
                extra={"action": "crash_alarm", "app": self._app, "crashes": self._crashes},
            )
