"""The simulated periods of a run, in the order in which they began."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, select

from prodiguer.ports.queries import Page, Paging, PeriodView
from prodiguer.storage.queries.filters import of_visible_run
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.schema import periods
from prodiguer.storage.times import moment

c = periods.c


def page(connection: Connection, simulation: str, paging: Paging) -> Page[PeriodView]:
    """One page; an empty one where the run is deleted."""
    where = (c.simulation_uid == simulation, of_visible_run(c.simulation_uid))
    listing = Listing(
        arms=(select(c.message_uid).where(*where),),
        order=by_keys((c.at, c.message_uid), descending=False),
        walk=walk_of("periods", simulation=simulation),
    )
    return fetch(connection, listing, paging, _views(connection))


def by_message(connection: Connection, uids: Collection[str]) -> dict[str, PeriodView]:
    """The periods that these messages announced."""
    rows = connection.execute(select(periods).where(c.message_uid.in_(uids)))
    return {row.message_uid: _view(row) for row in rows}


def _views(connection: Connection) -> Callable[[Sequence[AnyRow]], list[PeriodView]]:
    def views(keys: Sequence[AnyRow]) -> list[PeriodView]:
        uids = [key.message_uid for key in keys]
        found = connection.execute(select(periods).where(c.message_uid.in_(uids)))
        shown = {row.message_uid: _view(row) for row in found}
        return [shown[uid] for uid in uids]

    return views


def _view(row: AnyRow) -> PeriodView:
    return {
        "simulation_uid": row.simulation_uid,
        "job_uid": row.job_uid,
        "at": moment(row.at),
        "number": row.number,
        "begin": row.begin,
        "end": row.end,
    }
