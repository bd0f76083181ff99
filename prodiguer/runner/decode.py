"""From deliveries to messages, strictly; what is none becomes a dead letter."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from prodiguer.app import App
from prodiguer.errors import Refused
from prodiguer.ports.store import DeadLetter
from prodiguer.ports.transport import FIRST_EXCHANGE, FIRST_ROUTING_KEY, SECONDARY, Delivery
from prodiguer.runner import dead_letters
from prodiguer.runner.batch import Item
from prodiguer.runner.queues import queue_of
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.envelope import from_amqp
from prodiguer.wire.topics import Router

log = logging.getLogger(__name__)


class Decoder:
    """Decodes the deliveries of one app's queue.

    Args:
        app: whose queue; what its bindings do not match is misrouted.
        catalog: the message types.
        mode: of the platform.
    """

    def __init__(self, app: App, catalog: Catalog, mode: str) -> None:
        self._app = app.name
        self._catalog = catalog
        self._router = Router((one.pattern, True) for one in queue_of(app, mode).bindings)

    def __call__(
        self, deliveries: Sequence[Delivery], now: datetime
    ) -> tuple[list[Item], list[DeadLetter]]:
        """The messages in the order of arrival, and dead letters of what is none."""
        items: list[Item] = []
        dead: list[DeadLetter] = []
        route, catalog = self._router.route, self._catalog
        for delivery in deliveries:
            exchange, key = _published(delivery)
            if not route(key):
                dead.append(dead_letters.misrouted(delivery, self._app, now))
                continue
            try:
                message = from_amqp(
                    key,
                    delivery.properties,
                    delivery.body,
                    catalog,
                    now,
                    inside=exchange == SECONDARY,
                )
            except Exception as error:  # noqa: BLE001  # a fault of the decoder stops no queue
                dead.append(dead_letters.undecodable(delivery, self._refusal(error), now))
            else:
                items.append(Item(delivery, message))
        return items, dead

    def _refusal(self, error: Exception) -> Refused:
        if isinstance(error, Refused):
            return error
        log.error(
            "the decoder fails on a delivery, which is now a dead letter",
            exc_info=error,
            extra={"action": "decoder_crashed", "app": self._app},
        )
        return Refused.crash(error)


def _published(delivery: Delivery) -> tuple[str, str]:
    """To which exchange, and with which routing key.

    A dead letter that is sent again to one app alone goes into its queue directly.
    """
    if not delivery.exchange:
        headers = delivery.properties.headers
        exchange, key = headers.get(FIRST_EXCHANGE, ""), headers.get(FIRST_ROUTING_KEY)
        if isinstance(key, str) and isinstance(exchange, str):
            return exchange, key
    return delivery.exchange, delivery.routing_key
