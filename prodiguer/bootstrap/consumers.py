"""Apps at work: a thread each, and what became of it."""

from __future__ import annotations

import logging
import threading

from prodiguer.app import App
from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.trial import TrialApart
from prodiguer.errors import Unavailable
from prodiguer.runner import Runner

log = logging.getLogger(__name__)


class Worker:
    """One app in a thread of its own.

    Args:
        platform: the resources.
        app: what to run.
        batch: messages in one transaction, at most.
    """

    def __init__(self, platform: Platform, app: App, batch: int) -> None:
        self.name = app.name
        #: Why it ended by itself; None while it runs and after an ordinary end.
        self.failure: str | None = None
        self.runner = Runner(
            app,
            platform.transport,
            platform.store,
            platform.catalog,
            platform.clock,
            platform.settings.apps.get(app.name, {}),
            platform.settings.mode,
            batch,
            note=platform.data / "at-work" / app.name,
            trial=TrialApart(platform.loaded, app.name),
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"app-{app.name}")

    def start(self, ended: threading.Event) -> None:
        """Begin; ``ended`` is set when it ends by itself."""
        self._ended = ended
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let it finish its batch."""
        self._stop.set()

    def join(self) -> None:
        """Wait for its end."""
        if self._thread.ident is not None:
            self._thread.join()

    def check(self) -> None:
        """Return while it consumes.

        Raises:
            Unavailable: it does not.
        """
        if not self._thread.is_alive() or not self.runner.consuming:
            raise Unavailable(f"{self.name} does not consume")

    def _work(self) -> None:
        try:
            self.runner.run(self._stop)
        except Exception as error:
            # A thread must not die in silence: the session ends with what it says here.
            log.exception("app ended", extra={"action": "app_ended", "app": self.name})
            self.failure = f"{self.name} ended: {error}"
            self._ended.set()
