"""A broker: exchanges, queues, bindings; confirmed publishing, acknowledged consuming."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from prodiguer.wire.properties import Properties as Properties  # noqa: PLC0414 - exported

PRIMARY = "x-primary"
SECONDARY = "x-secondary"
DEAD = "x-dead"

#: Headers of what no queue takes, on its way to the queues of `DEAD`: why, and from which exchange.
REASON_HEADER = "x-prodiguer-reason"
EXCHANGE_HEADER = "x-prodiguer-exchange"
UNROUTABLE = "unroutable"

#: Headers of what goes straight into one queue, past the exchanges: how it was published at first.
FIRST_ROUTING_KEY, FIRST_EXCHANGE = "routing_key", "exchange"


def queue_name(app: str, mode: str) -> str:
    """The queue of an app, such as ``prod.sim-mon``."""
    return f"{mode}.{app}"


class Publication(NamedTuple):
    """A message on its way; the exchange ``""`` is the default one: the key names a queue."""

    exchange: str
    routing_key: str
    body: bytes
    properties: Properties = Properties()


class Delivery(NamedTuple):
    """A message that a queue handed to a consumer; it stays the queue's until acknowledged."""

    #: Meaningful to the consumer that took it alone; grows within one consumer.
    tag: int
    exchange: str
    routing_key: str
    body: bytes
    properties: Properties
    #: Handed out before, to this consumer or to another: it may or may not have had its effect.
    redelivered: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A queue takes from an exchange what a topic filter matches."""

    exchange: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue and its bindings."""

    name: str
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """What a queue holds."""

    name: str
    #: Messages that wait for a consumer.
    ready: int
    #: Messages that a consumer has taken and not yet acknowledged.
    unacked: int
    consumers: int
    #: Seconds since the oldest message came in; None where it is empty.
    oldest_age: float | None


class Publisher(Protocol):
    """Publishes with confirms. Not shared between threads."""

    def publish(self, publications: Sequence[Publication]) -> None:
        """Return when every one is stored durably in each queue that takes it.

        What no queue takes goes to the queues of `DEAD` (the alternate exchange).

        Raises:
            Unavailable: some may not be stored: publish all again (ids absorb the repeats).
        """
        ...

    def close(self) -> None: ...


class Consumer(Protocol):
    """Takes from one queue. Not shared between threads."""

    def take(self, limit: int, wait: float) -> list[Delivery]:
        """At most ``limit`` deliveries; after ``wait`` seconds without any, an empty list.

        Returns as soon as there is at least one. Every delivery stays with this consumer until it
        is acknowledged, released, or this consumer's process is dead; then another gets it with
        ``redelivered`` set.

        Raises:
            Unavailable: the broker does not answer; all that was taken may come again.
        """
        ...

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """They are done: the queue forgets them. Call it after commit, never before."""
        ...

    def release(self, deliveries: Iterable[Delivery]) -> None:
        """Give them back, at their old place where the broker can."""
        ...

    def close(self) -> None:
        """Release what is still held and end."""
        ...


class Transport(Protocol):
    """A broker, reached by a URL."""

    def declare(self, queues: Sequence[Queue]) -> None:
        """Make the three exchanges, these queues and exactly these bindings; can be repeated."""
        ...

    def publisher(self) -> Publisher: ...

    def consumer(self, queue: str, *, prefetch: int = 1000) -> Consumer: ...

    def status(self) -> list[QueueStatus]:
        """Of every queue, by name."""
        ...

    def ping(self) -> None:
        """Return when the broker answers.

        Raises:
            Unavailable: it does not.
        """
        ...

    def close(self) -> None: ...
