"""What happened to a run: its lifecycle messages in the order that its state is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select

from prodiguer.ports.queries import Page, Paging, TimelineEntry
from prodiguer.storage.json_text import decode_object
from prodiguer.storage.queries.filters import of_visible_run
from prodiguer.storage.queries.names import Names, name_of
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.queries.sentences import sentence
from prodiguer.storage.schema import messages
from prodiguer.storage.times import moment

LIFECYCLE = "monitoring"

c = messages.c


def page(
    connection: Connection, simulation: str, paging: Paging, names: Names
) -> Page[TimelineEntry]:
    """One page; an empty one where the run is deleted."""
    where = (
        c.simulation_uid == simulation,
        c.app == LIFECYCLE,
        of_visible_run(c.simulation_uid),
    )
    listing = Listing(
        arms=(select(c.uid).where(*where),),
        order=by_keys((c.time, c.uid), descending=False),
        walk=walk_of("timeline", simulation=simulation),
    )
    return fetch(connection, listing, paging, _views(connection, names))


def _views(
    connection: Connection, names: Names
) -> Callable[[Sequence[AnyRow]], list[TimelineEntry]]:
    def views(keys: Sequence[AnyRow]) -> list[TimelineEntry]:
        uids = [key.uid for key in keys]
        found = connection.execute(select(messages).where(c.uid.in_(uids)))
        shown = {row.uid: _view(row, name_of(names, row.app, row.code)) for row in found}
        return [shown[uid] for uid in uids]

    return views


def _view(row: AnyRow, name: str) -> TimelineEntry:
    return {
        "at": moment(row.time),
        "message_uid": row.uid,
        "code": row.code,
        "name": name,
        "job_uid": row.job_uid,
        "text": sentence(row.code, decode_object(row.body), name),
    }
