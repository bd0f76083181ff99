"""Publishing after commit what an app said within its transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prodiguer.ports.clock import Clock
from prodiguer.ports.store import OutboxItem, Store
from prodiguer.ports.transport import Publication, Publisher, Transport
from prodiguer.runner.statistics import Statistics

_CLAIM = 500


class Publications:
    """Publishes one app's part of the outbox, confirmed.

    Args:
        app: its name.
        prepare: makes the publication of an outbox item.
    """

    def __init__(
        self,
        app: str,
        store: Store,
        transport: Transport,
        clock: Clock,
        statistics: Statistics,
        prepare: Callable[[OutboxItem], Publication],
    ) -> None:
        self._app = app
        self._store = store
        self._transport = transport
        self._clock = clock
        self._statistics = statistics
        self._prepare = prepare
        self._publisher: Publisher | None = None
        #: Claimed and not yet published: the lease is ours, a second claim would not give it.
        self._claimed: list[OutboxItem] = []

    def publish_due(self) -> int:
        """Publish all that waits; how many.

        Raises:
            Unavailable: some may not be published; the next call goes on with the same.
        """
        published = 0
        while self._claim():
            if self._publisher is None:
                self._publisher = self._transport.publisher()
            self._publisher.publish([self._prepare(item) for item in self._claimed])
            self._store.outbox.done([item.id for item in self._claimed], self._clock.now())
            published += len(self._claimed)
            self._claimed = []
        self._statistics.published += published
        return published

    def close(self) -> None:
        """Let go of the broker."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _claim(self) -> list[Any]:
        if not self._claimed:
            claimed = self._store.outbox.claim(self._app, self._clock.now(), _CLAIM, kind="publish")
            self._claimed = list(claimed)
        return self._claimed
