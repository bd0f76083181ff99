"""Emptying the queue of what no queue takes: each becomes a dead letter."""

from __future__ import annotations

import logging

from prodiguer.ports.clock import Clock
from prodiguer.ports.store import Store
from prodiguer.ports.transport import Consumer, Transport
from prodiguer.runner import dead_letters
from prodiguer.runner.queues import dead_queue

log = logging.getLogger(__name__)


class Unroutable:
    """Consumes ``<mode>.dead`` for the app that keeps the unroutable.

    Args:
        app: its name, in whose transactions the dead letters are written.
    """

    LIMIT = 500

    def __init__(self, app: str, store: Store, transport: Transport, clock: Clock, mode: str):
        self._app = app
        self._store = store
        self._transport = transport
        self._clock = clock
        self._queue = dead_queue(mode).name
        self._consumer: Consumer | None = None

    def collect(self) -> int:
        """Take what is there; how many dead letters are new.

        Raises:
            Unavailable: the broker or the database does not answer; nothing is lost.
        """
        if self._consumer is None:
            self._consumer = self._transport.consumer(self._queue, prefetch=self.LIMIT)
        deliveries = self._consumer.take(self.LIMIT, 0.0)
        if not deliveries:
            return 0
        try:
            now = self._clock.now()
            with self._store.unit(self._app) as unit:
                new = unit.add_dead_letters(
                    [dead_letters.unroutable(one, now) for one in deliveries]
                )
            self._consumer.acknowledge(deliveries)
        except BaseException:
            self._consumer.release(deliveries)
            raise
        log.warning(
            "messages that no queue takes are dead letters now",
            extra={"action": "unroutable", "app": self._app, "messages": len(deliveries)},
        )
        return new

    def close(self) -> None:
        """Give back what was taken."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None
