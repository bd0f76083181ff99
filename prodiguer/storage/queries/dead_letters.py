"""What could not be processed, newest first."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from prodiguer.ports.queries import DeadLetterFilter, DeadLetterView, Page, Paging
from prodiguer.storage.queries import counts
from prodiguer.storage.queries.filters import Conditions, equal, since
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.schema import dead_letters
from prodiguer.storage.times import maybe_moment, moment

#: In lists no more bytes than these are read of one.
CUT = 4_096

c = dead_letters.c


def page(connection: Connection, which: DeadLetterFilter, paging: Paging) -> Page[DeadLetterView]:
    """One page of those that pass, the bytes cut."""
    shape = {name: getattr(which, name) for name in which.__slots__}
    filtered = any(value is not None for value in shape.values())
    listing = Listing(
        arms=(_with_bytes(_cut()).where(*_conditions(which)),),
        order=by_keys((c.number,), descending=True),
        walk=walk_of("dead-letters", **shape),
        total=None if filtered else counts.total(connection, "dead_letters"),
    )
    return fetch(connection, listing, paging, _views)


def dead_letter(connection: Connection, id: str) -> DeadLetterView | None:
    """The one with this id and all its bytes."""
    found = _views(connection.execute(_with_bytes(c.bytes).where(c.id == id)).all())
    return found[0] if found else None


def by_id(connection: Connection, ids: Collection[str]) -> dict[str, DeadLetterView]:
    """Those of these that there are, the bytes cut."""
    rows = connection.execute(_with_bytes(_cut()).where(c.id.in_(ids))).all()
    return {view["id"]: view for view in _views(rows)}


def _cut() -> ColumnElement[Any]:
    return func.substr(c.bytes, 1, CUT, type_=c.bytes.type)


def _with_bytes(content: ColumnElement[Any]) -> Select[Any]:
    shown = (c.id, c.at, c.reason, c.detail, c.stage, c.door, c.mail, c.position, c.code, c.app)
    return select(*shown, c.size, c.resent_at, content.label("content"))


def _conditions(which: DeadLetterFilter) -> Conditions:
    found = equal(
        {
            c.reason_code: which.reason,
            c.stage: which.stage,
            c.door: which.door,
            c.mail: which.mail,
            c.app: which.app,
        }
    )
    if which.resent is not None:
        found.append(c.resent_at.is_not(None) if which.resent else c.resent_at.is_(None))
    return found + since(c.at, which.since)


def _views(rows: Sequence[AnyRow]) -> list[DeadLetterView]:
    return [
        {
            "id": row.id,
            "at": moment(row.at),
            "reason": row.reason,
            "detail": row.detail,
            "stage": row.stage,
            "door": row.door,
            "mail": row.mail,
            "position": row.position,
            "code": row.code,
            "app": row.app,
            # SQLite has NULL for a part of no bytes.
            "bytes": base64.b64encode(row.content or b"").decode(),
            "size": row.size,
            "resent_at": maybe_moment(row.resent_at),
        }
        for row in rows
    ]
