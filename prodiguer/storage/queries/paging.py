"""Keyset paging: each page begins after the last row of the one before, wherever it stands now.

SQLite keeps no statistics of ours, so that the plan is chosen here. The rows that pass the
filters are counted first, up to `COUNT_LIMIT`. Few of them are found by the index of a filter
and then sorted; many are met soon by walking the index of the order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal, select, tuple_

from prodiguer.errors import Refused
from prodiguer.ports.queries import COUNT_LIMIT, Page, Paging, Span
from prodiguer.storage.queries import cursors, portions
from prodiguer.storage.queries.cursors import Place
from prodiguer.storage.queries.orders import Order, Segment
from prodiguer.storage.queries.plans import Unindexed

#: More rows a page are refused.
LARGEST_PAGE = 1_000

V = TypeVar("V")
AnyRow = Row[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list as its filters make it.

    Args:
        arms: the columns, short ones, since long texts are for the views; the tables and the
            filters; several are lists that share no row and are merged into one, which their
            order must allow: a single key, a number.
        walk: what a cursor is bound to: see `walk_of`.
        total: the maintained number of rows, where there is one.
    """

    arms: tuple[Select[Any], ...]
    order: Order
    walk: str
    total: int | None = None


def walk_of(name: str, **shape: Any) -> str:
    """The text that tells one walk from another: a list's name, its filters and its sort."""
    return json.dumps([name, shape], sort_keys=True, default=_plain, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Span):
        return value.words
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be a filter")


def walk_now(paging: Paging, walk: str, now: int) -> int:
    """The moment, in µs, that decides the lateness of a walk: that of its first page.

    Raises:
        Refused: ``cursor``, as far as that can be told without the order.
    """
    return now if paging.cursor is None else cursors.moment_of(paging.cursor, walk)


def fetch(
    connection: Connection,
    listing: Listing,
    paging: Paging,
    views: Callable[[Sequence[AnyRow]], list[V]],
    *,
    now: int = 0,
) -> Page[V]:
    """One page of a list.

    Args:
        connection: in a snapshot.
        listing: the list.
        paging: from outside.
        views: makes the views of a page's rows, all at once.
        now: what `walk_now` gave, for the next cursor.

    Raises:
        Refused: ``limit`` or ``cursor``.
    """
    if not 1 <= paging.limit <= LARGEST_PAGE:
        raise Refused("limit", detail=f"limit must be 1 to {LARGEST_PAGE:,}")
    place = None
    if paging.cursor is not None:
        kinds = [segment.kinds for segment in listing.order]
        place = cursors.read(paging.cursor, listing.walk, kinds)
    count = _count(connection, listing.arms) if listing.total is None else None
    few = count is not None and count <= COUNT_LIMIT
    found = _found(connection, listing, place, paging.limit + 1, few=few)
    items = portions.take([row for _, row in found[: paging.limit]], views)
    following = None
    if len(found) > len(items):
        segment, row = found[len(items) - 1]
        keys = tuple(row[-len(listing.order[segment].keys) :])
        following = cursors.write(Place(segment, keys, now), listing.walk)
    if listing.total is not None or few:
        return Page(items, following, total=listing.total if count is None else count)
    return Page(items, following, total_at_least=COUNT_LIMIT)


def _count(connection: Connection, arms: Sequence[Select[Any]]) -> int:
    """How many rows there are; of more than `COUNT_LIMIT` some number above it."""
    return sum(_count_arm(connection, arm) for arm in arms)


def _count_arm(connection: Connection, arm: Select[Any]) -> int:
    some = arm.with_only_columns(literal(1).label("one"), maintain_column_froms=True)
    capped = some.limit(COUNT_LIMIT + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(capped)).scalar_one())


def _found(
    connection: Connection, listing: Listing, place: Place | None, wanted: int, *, few: bool
) -> list[tuple[int, AnyRow]]:
    """Up to so many rows after a place, each with the number of its segment."""
    found: list[tuple[int, AnyRow]] = []
    for number, segment in enumerate(listing.order):
        if place is not None and number < place.segment:
            continue
        after = place.values if place is not None and number == place.segment else None
        left = wanted - len(found)
        rows = [
            row
            for arm in listing.arms
            for row in connection.execute(_statement(arm, segment, after, few).limit(left))
        ]
        if len(listing.arms) > 1:
            rows.sort(key=lambda row: row.key_0, reverse=segment.descending)
        found += [(number, row) for row in islice(rows, left)]
        if len(found) == wanted:
            break
    return found


def _statement(
    arm: Select[Any], segment: Segment, after: tuple[Any, ...] | None, few: bool
) -> Select[Any]:
    """The rows of one segment in their order; its keys are the last columns."""
    keys = segment.keys
    named = (key.label(f"key_{place}") for place, key in enumerate(keys))
    statement = arm.add_columns(*named).where(segment.where)
    sorted_by = [Unindexed(key) if few else key for key in keys]
    if after is not None:
        here, there = tuple_(*sorted_by), tuple_(*map(_bound, after, keys))
        statement = statement.where(here < there if segment.descending else here > there)
    return statement.order_by(*(k.desc() if segment.descending else k.asc() for k in sorted_by))


def _bound(value: Any, key: ColumnElement[Any]) -> ColumnElement[Any]:
    return literal(value, key.type)
