"""Which queue is an app's, and what it is bound to."""

from __future__ import annotations

from prodiguer.app import App
from prodiguer.ports.transport import DEAD, PRIMARY, SECONDARY, Binding, Queue, queue_name


def queue_of(app: App, mode: str) -> Queue:
    """The durable queue of an app.

    What the platform says to itself comes by the secondary exchange; everything else, and what
    the free filters of the app match, by the primary one.
    """
    types = (*app.handlers, *app.batch_types)
    typed = (
        Binding(SECONDARY if t.TYPE.internal else PRIMARY, t.TYPE.binding(mode)) for t in types
    )
    free = (Binding(PRIMARY, pattern.format(mode=mode)) for pattern in app.bind)
    return Queue(queue_name(app.name, mode), tuple(dict.fromkeys((*typed, *free))))


def dead_queue(mode: str) -> Queue:
    """Where the broker puts what no queue takes, and its own dead letters."""
    return Queue(queue_name("dead", mode), (Binding(DEAD, "#"),))
