"""Counts by value for the filters of the list of runs.

One scan collects all columns that share their conditions, each as one JSON array, and the values
are counted here: for SQLite, which knows no hashed grouping, that is five times as fast as
grouping by each column.

What one client writes must not make this answer large for all others: values that are longer
than a filter may be are not collected, and of each facet the most frequent ones are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, cast, func, or_, select

from prodiguer.ports.queries import SIMULATION_FACETS, FacetValue, SimulationFilter
from prodiguer.storage.queries.lateness import state_at
from prodiguer.storage.queries.simulations import conditions
from prodiguer.storage.schema import simulations
from prodiguer.storage.times import plain_micros

NONE = "(none)"

#: Values of one facet: nobody picks from a longer list.
MOST = 100
#: In characters. A longer value cannot be asked for, so nothing is lost by leaving it out.
LONGEST = 256

_values = msgspec.json.Decoder(list[str | None])


def facets(
    connection: Connection, which: SimulationFilter, now: datetime
) -> Mapping[str, list[FacetValue]]:
    """Of each of `SIMULATION_FACETS`: counts by value, narrowed by the other filters."""
    moment = plain_micros(now)
    shared = [name for name in SIMULATION_FACETS if name not in which.words]
    counted = _count(connection, shared, conditions(which, moment), moment)
    for name in which.words:
        counted |= _count(connection, [name], conditions(which, moment, but=name), moment)
    return {name: _sorted(counted[name]) for name in SIMULATION_FACETS}


def _count(
    connection: Connection, names: Sequence[str], where: Sequence[ColumnElement[bool]], now: int
) -> dict[str, Counter[str | None]]:
    if not names:
        return {}
    columns = [_list(connection, _column(name, now)).label(name) for name in names]
    row = connection.execute(select(*columns).where(*where)).one()
    return {name: Counter(_values.decode(row[i] or "[]")) for i, name in enumerate(names)}


def _column(name: str, now: int) -> ColumnElement[Any]:
    columns = simulations.c
    return state_at(columns.state, columns.late_at, now) if name == "state" else columns[name]


def _list(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """All values of a column as the text of one JSON array, but for those that are too long."""
    short = or_(column.is_(None), func.length(column) <= LONGEST)
    if connection.dialect.name == "postgresql":
        return cast(func.json_agg(column).filter(short), Text)
    return func.json_group_array(column).filter(short)


def _sorted(counts: Counter[str | None]) -> list[FacetValue]:
    """The most frequent first, then by value, what has none last among equals."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
    return [
        {"value": value, "label": NONE if value is None else value, "count": count}
        for value, count in ordered[:MOST]
    ]
