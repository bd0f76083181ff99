"""Taking a batch: at once when the queue is calm, fuller while messages keep flowing."""

from __future__ import annotations

from collections.abc import Callable

from prodiguer.ports.transport import Consumer, Delivery

#: A first take that returns within this many seconds found messages waiting: there is a backlog.
_AT_ONCE = 0.002
#: While there is a backlog a batch waits so long for the next message …
_STEP = 0.002
#: … and so long in all.
_LINGER = 0.020


def gather(
    consumer: Consumer, limit: int, wait: float, monotonic: Callable[[], float]
) -> list[Delivery]:
    """At most ``limit`` deliveries; an empty list when nothing came within ``wait`` seconds."""
    began = monotonic()
    taken = consumer.take(limit, wait)
    if not taken or monotonic() - began > _AT_ONCE:
        return taken
    end = began + _LINGER
    while len(taken) < limit and (left := end - monotonic()) > 0:
        more = consumer.take(limit - len(taken), min(_STEP, left))
        if not more:
            break
        taken += more
    return taken
