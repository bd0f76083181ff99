"""What the queues hold: quick with a million messages, since none of them is counted."""

from __future__ import annotations

import time
from pathlib import Path

from prodiguer.ports.transport import QueueStatus
from prodiguer.transport.embedded.consumers import free_the_dead
from prodiguer.transport.embedded.schema import SPAN
from prodiguer.transport.embedded.session import Session

_QUEUES = """
SELECT name, depth,
       (SELECT count(*) FROM lease
        WHERE message >= queue.id * :span AND message < (queue.id + 1) * :span AND consumer != 0),
       (SELECT count(*) FROM consumer WHERE consumer.queue = queue.id),
       (SELECT published_at FROM message
        WHERE id >= queue.id * :span AND id < (queue.id + 1) * :span ORDER BY id LIMIT 1)
FROM queue ORDER BY name
"""


def status(session: Session, owners: Path) -> list[QueueStatus]:
    """Of every queue, by name; consumers that are dead are ended first."""
    free_the_dead(session, owners)
    now = time.time_ns() // 1000
    return [
        QueueStatus(
            name=name,
            ready=depth - unacked,
            unacked=unacked,
            consumers=consumers,
            oldest_age=None if since is None else max(0.0, (now - since) / 1e6),
        )
        for name, depth, unacked, consumers, since in session.read(_QUEUES, {"span": SPAN})
    ]
