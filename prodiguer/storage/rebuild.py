"""What `prodiguer db rebuild` needs: empty projections, and the archive to fold again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Table, delete, select

from prodiguer.domain.message import Message
from prodiguer.storage.rows import to_message
from prodiguer.storage.schema import (
    config_cards,
    counters,
    failed_commands,
    inbox,
    jobs,
    periods,
    simulation_facts,
    simulations,
    transfers,
)
from prodiguer.storage.schema import (
    messages as archive,
)
from prodiguer.storage.store import SqlStore

#: Of each app the tables that are functions of the archive, and the totals of their rows.
PROJECTIONS: Mapping[str, tuple[Sequence[Table], Sequence[str]]] = {
    "sim-mon": (
        (simulations, simulation_facts, jobs, periods, failed_commands, config_cards),
        ("simulations", "simulations_all", "jobs"),
    ),
    "metrics": ((transfers,), ("transfers",)),
}


def clear(store: SqlStore, apps: Iterable[str]) -> None:
    """Empty the projections of these apps, and their inboxes: they have handled nothing yet.

    Events, notices of lateness, outbox, values, dead letters and the ids of messages stay. All in
    one transaction: it is done or it is not.
    """
    with store.writing() as connection:
        for app in sorted(set(apps)):
            tables, totals = PROJECTIONS.get(app, ((), ()))
            for table in tables:
                connection.execute(delete(table))
            connection.execute(delete(counters).where(counters.c.name.in_(totals)))
            connection.execute(delete(inbox).where(inbox.c.app == app))


def messages(
    store: SqlStore, types: Mapping[str, type[Message]], size: int = 500
) -> Iterator[list[Message]]:
    """All messages of the archive in the order of arrival, in lists of at most ``size``.

    Args:
        store: where they are.
        types: the class for each code; `UnknownMessage` for those that are missing.
        size: no more than these are in memory at once.
    """
    last = 0
    while True:
        with store.reading() as connection:
            page = select(archive).where(archive.c.number > last).order_by(archive.c.number)
            found = connection.execute(page.limit(size)).mappings().all()
        if not found:
            return
        last = found[-1]["number"]
        yield [to_message(row, types) for row in found]
