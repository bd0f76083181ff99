"""What the tests of brokers say often: a small set of queues, publications, patience."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from prodiguer.ports.transport import (
    DEAD,
    PRIMARY,
    SECONDARY,
    Binding,
    Consumer,
    Delivery,
    Properties,
    Publication,
    Queue,
    QueueStatus,
    Transport,
)

#: Seconds until a test gives up; never how long a good run takes.
PATIENCE = 30.0

KEY = "test.u.p.monitoring.0000"

RUNS = Queue("test.runs", (Binding(PRIMARY, "test.*.*.monitoring.#"),))
LOG = Queue("test.log", (Binding(PRIMARY, "test.#"), Binding(SECONDARY, "#")))
DEAD_QUEUE = Queue("test.dead", (Binding(DEAD, "#"),))
QUEUES = (RUNS, LOG, DEAD_QUEUE)


def say(body: bytes | str, key: str = KEY, exchange: str = PRIMARY, **properties) -> Publication:
    content = body.encode() if isinstance(body, str) else body
    return Publication(exchange, key, content, Properties(**properties))


def numbered(first: int, count: int) -> list[Publication]:
    return [say(str(number)) for number in range(first, first + count)]


def gather(consumer: Consumer, count: int, patience: float = PATIENCE) -> list[Delivery]:
    """Take until there are ``count``, however many takes a broker needs for it."""
    found: list[Delivery] = []
    deadline = time.monotonic() + patience
    while len(found) < count and time.monotonic() < deadline:
        found += consumer.take(count - len(found), 1.0)
    return found


def drain(transport: Transport, queue: str) -> list[Delivery]:
    """Everything that the queue holds, acknowledged."""
    consumer = transport.consumer(queue, prefetch=10_000)
    found: list[Delivery] = []
    while status_of(transport, queue).ready:
        batch = consumer.take(1000, 1.0)
        consumer.acknowledge(batch)
        found += batch
    consumer.close()
    return found


def bodies(deliveries: Iterable[Delivery]) -> list[str]:
    return [delivery.body.decode() for delivery in deliveries]


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def status_of(transport: Transport, queue: str) -> QueueStatus:
    return next(status for status in transport.status() if status.name == queue)


def numbers_of(transport: Transport, queue: str) -> tuple[int, int, int]:
    status = status_of(transport, queue)
    return status.ready, status.unacked, status.consumers
