"""Carrying out side effects after commit: at least once, never lost, each put off when it fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from prodiguer.app import App, Effect
from prodiguer.errors import Unavailable
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import OutboxItem, Store
from prodiguer.runner.backoff import Backoff, delay
from prodiguer.runner.statistics import Statistics

log = logging.getLogger(__name__)

#: Seconds until a failed effect is tried again: at first, and at the most.
FIRST_DELAY, LONGEST_DELAY = 5.0, 3600.0
#: Few at a time: their lease is a minute, and the outside world may be slow.
_CLAIM = 4
#: Seconds between looks for effects that were put off or left by another process.
_LOOK = 5.0


class Effects:
    """Carries out the side effects of one app.

    Args:
        app: whose effect handler is called; without one there is nothing to do.
        settings: the app's section of the configuration.
    """

    def __init__(
        self,
        app: App,
        store: Store,
        settings: Mapping[str, Any],
        clock: Clock,
        statistics: Statistics,
    ) -> None:
        self._app = app
        self._store = store
        self._settings = settings
        self._clock = clock
        self._statistics = statistics
        self._news = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def run_due(self) -> int:
        """Carry out what is due now; how many were tried.

        Raises:
            Unavailable: the database does not answer.
        """
        tried = 0
        while self._app.effect_handler is not None and not self._ended.is_set():
            claimed = self._store.outbox.claim(
                self._app.name, self._clock.now(), _CLAIM, kind="effect"
            )
            for item in claimed:
                if self._ended.is_set():
                    break
                self._carry_out(item)
                tried += 1
            if len(claimed) < _CLAIM:
                break
        return tried

    def start(self) -> None:
        """Do so on a thread of its own from now on: the outside world may be slow."""
        if self._app.effect_handler is None or self._thread is not None:
            return
        self._thread = threading.Thread(
            target=self._run, name=f"effects of {self._app.name}", daemon=True
        )
        self._thread.start()

    def notify(self) -> None:
        """There is something new."""
        self._news.set()

    def stop(self, timeout: float) -> None:
        """End the thread; an effect that takes longer is abandoned and comes again later."""
        self._ended.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None

    def _run(self) -> None:
        backoff = Backoff()
        wait = 0.0
        while not self._ended.is_set():
            self._news.wait(wait)
            self._news.clear()
            try:
                self.run_due()
            except Exception as error:  # the thread of an app's effects outlives every one of them
                wait = backoff.next()
                self._news.clear()
                log.warning(
                    "side effects wait",
                    exc_info=None if isinstance(error, Unavailable) else error,
                    extra={"action": "effects_paused", "app": self._app.name, "error": str(error)},
                )
            else:
                backoff.reset()
                wait = _LOOK

    def _carry_out(self, item: OutboxItem) -> None:
        handler = self._app.effect_handler
        if handler is None:
            return
        try:
            handler(Effect(item.key, item.payload, item.attempts), self._settings)
        except Exception as error:  # noqa: BLE001  # whatever it is, the effect is not lost
            self._put_off(item, error)
        else:
            self._store.outbox.done([item.id], self._clock.now())
            self._statistics.effects += 1

    def _put_off(self, item: OutboxItem, error: Exception) -> None:
        seconds = delay(item.attempts, first=FIRST_DELAY, most=LONGEST_DELAY)
        due = self._clock.now() + timedelta(seconds=seconds)
        self._store.outbox.failed(item.id, f"{type(error).__name__}: {error}"[:1000], due)
        self._statistics.failed_effects += 1
        log.warning(
            "a side effect failed and is put off",
            extra={
                "action": "effect_failed",
                "app": self._app.name,
                "key": item.key,
                "attempts": item.attempts,
                "due": due.isoformat(),
                "error": repr(error),
            },
        )
