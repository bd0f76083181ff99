"""The log of events keeps its end: who is further behind loads everything again.

Any number of processes may prune at once: each deletes the oldest rows, a few at a time, in
transactions of their own, so that no writer waits for long.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from prodiguer.storage.schema import events
from prodiguer.storage.store import SqlStore
from prodiguer.storage.times import plain_micros

#: Rows of one transaction.
CHUNK = 5_000

c = events.c


def prune_events(store: SqlStore, keep: int, before: datetime) -> int:
    """Delete the oldest events; how many went. Call it again until it is none.

    Args:
        store: where they are.
        keep: so many of the newest stay, unless they are too old. The newest of all stays in any
            case: it tells how far the log has come.
        before: older ones go.
    """
    with store.reading() as connection:
        first = connection.execute(select(func.min(c.number))).scalar_one()
        last = connection.execute(select(func.max(c.number))).scalar_one()
        # The clocks of writers differ a little: what a late one wrote with an old time goes later.
        old = select(func.max(c.number)).where(c.at < plain_micros(before))
        oldest = connection.execute(old).scalar_one()
    if first is None or last is None:
        return 0
    end = min(max(last - keep, oldest or 0), last - 1, first + CHUNK - 1)
    if end < first:
        return 0
    with store.writing() as connection:
        return int(connection.execute(delete(events).where(c.number <= end)).rowcount)
