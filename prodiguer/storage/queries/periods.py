"""The simulated periods of a run, in the order in which they began."""

from __future__ import annotations

from collections.abc import Sequence

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
        arms=(select(periods).where(*where),),
        order=by_keys((c.at, c.message_uid), descending=False),
        walk=walk_of("periods", simulation=simulation),
    )
    return fetch(connection, listing, paging, _views)


def _views(rows: Sequence[AnyRow]) -> list[PeriodView]:
    return [
        {
            "simulation_uid": row.simulation_uid,
            "job_uid": row.job_uid,
            "at": moment(row.at),
            "number": row.number,
            "begin": row.begin,
            "end": row.end,
        }
        for row in rows
    ]
