"""File transfers that jobs measured, newest first. Those of deleted runs stay: they happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select

from prodiguer.ports.queries import Page, Paging, TransferFilter, TransferView
from prodiguer.storage.queries import counts
from prodiguer.storage.queries.filters import equal, since
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.schema import transfers
from prodiguer.storage.times import moment

c = transfers.c


def page(connection: Connection, which: TransferFilter, paging: Paging) -> Page[TransferView]:
    """One page of those that pass."""
    shape = {name: getattr(which, name) for name in which.__slots__}
    filtered = any(value is not None for value in shape.values())
    words = {c.simulation_uid: which.simulation, c.job_uid: which.job, c.action: which.action}
    listing = Listing(
        arms=(select(c.message_uid).where(*equal(words), *since(c.at, which.since)),),
        order=by_keys((c.at, c.message_uid), descending=True),
        walk=walk_of("transfers", **shape),
        total=None if filtered else counts.total(connection, "transfers"),
    )
    return fetch(connection, listing, paging, _views(connection))


def _views(connection: Connection) -> Callable[[Sequence[AnyRow]], list[TransferView]]:
    def views(keys: Sequence[AnyRow]) -> list[TransferView]:
        uids = [key.message_uid for key in keys]
        found = connection.execute(select(transfers).where(c.message_uid.in_(uids)))
        shown = {row.message_uid: _view(row) for row in found}
        return [shown[uid] for uid in uids]

    return views


def _view(row: AnyRow) -> TransferView:
    return {
        "message_uid": row.message_uid,
        "simulation_uid": row.simulation_uid,
        "job_uid": row.job_uid,
        "at": moment(row.at),
        "action": row.action,
        "size_mo": row.size_mo,
        "duration_ms": row.duration_ms,
        "throughput_mo_s": row.throughput_mo_s,
        "dir_from": row.dir_from,
        "dir_to": row.dir_to,
    }
