"""Publishing after commit what an app said within its transactions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from prodiguer.errors import Refused
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import OutboxItem, Store
from prodiguer.ports.transport import Publication, Publisher, Transport
from prodiguer.runner.statistics import Statistics

log = logging.getLogger(__name__)

_CLAIM = 500
#: When a message that cannot be said now is looked at again.
_LATER = timedelta(hours=1)


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
        while claimed := self._claim():
            ready = [(item, one) for item in claimed if (one := self._prepared(item)) is not None]
            if ready:
                self._publish([one for _, one in ready])
            self._store.outbox.done([item.id for item, _ in ready], self._clock.now())
            published += len(ready)
            self._claimed = []
        self._statistics.published += published
        return published

    def _publish(self, publications: list[Publication]) -> None:
        if self._publisher is None:
            self._publisher = self._transport.publisher()
        self._publisher.publish(publications)

    def _prepared(self, item: OutboxItem) -> Publication | None:
        """None where it can no longer be said, which must not hold up the others."""
        try:
            return self._prepare(item)
        except Refused as error:
            due = self._clock.now() + _LATER
            self._store.outbox.failed(item.id, str(error), due)
            log.error(  # noqa: TRY400  # the reason says it all
                "a message of the outbox cannot be said: is its package uninstalled?",
                extra={"action": "publication_refused", "app": self._app}
                | {"key": item.key, "error": str(error)},
            )
            return None

    def close(self) -> None:
        """Let go of the broker."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _claim(self) -> list[OutboxItem]:
        if not self._claimed:
            claimed = self._store.outbox.claim(self._app, self._clock.now(), _CLAIM, kind="publish")
            self._claimed = list(claimed)
        return self._claimed
