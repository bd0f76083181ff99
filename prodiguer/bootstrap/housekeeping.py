"""What every process does for the database now and then, harmless where several do it."""

from __future__ import annotations

import logging
import random
import threading
from datetime import timedelta

from prodiguer.bootstrap.platform import Platform
from prodiguer.errors import ProdiguerError
from prodiguer.storage.pruning import prune_events

log = logging.getLogger(__name__)

#: Seconds between two rounds, about: processes that were started together part.
EVERY = 600.0
#: Seconds between two transactions of a round: others write meanwhile.
_BREATH = 0.05


class Housekeeper:
    """A thread that deletes the oldest events.

    Args:
        platform: its store and settings.
        every: seconds between two rounds, about.
    """

    def __init__(self, platform: Platform, every: float = EVERY) -> None:
        self._platform = platform
        self._every = every
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping")

    def start(self) -> None:
        """Begin; the first round comes soon."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what it is just doing."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait = min(60.0, self._every)
        while not self._end.wait(wait * random.uniform(0.5, 1.0)):  # noqa: S311 - no secret
            wait = self._every
            try:
                self._prune()
            except ProdiguerError as error:
                fields = {"action": "prune_failed", "error": str(error)}
                log.warning("old events cannot be deleted now", extra=fields)
            except Exception:
                log.exception("deleting old events failed", extra={"action": "prune_failed"})

    def _prune(self) -> None:
        settings, total = self._platform.settings.database, 0
        before = self._platform.clock.now() - timedelta(days=settings.events_days)
        while not self._end.is_set():
            gone = prune_events(self._platform.store, settings.events, before)
            total += gone
            if not gone:
                break
            self._end.wait(_BREATH)
        if total:
            log.info("old events deleted", extra={"action": "events_pruned", "events": total})
