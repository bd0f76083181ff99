"""How lists are sorted: segments, one after the other, each sorted by keys that are never NULL.

A list by one column has two: the rows that have a value, then those that have none (last in both
directions). A list by a state or a kind has one for each word, so that an index on the word
serves although lateness is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true

from prodiguer.errors import Refused

#: In characters. A cursor is part of a URL, where each of them may take sixteen bytes.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows that are sorted in one way; ``keys`` make the place of each its own."""

    where: ColumnElement[bool]
    keys: tuple[ColumnElement[Any], ...]
    #: Python types of the keys, as a cursor has them.
    kinds: tuple[type, ...]
    descending: bool


Order = tuple[Segment, ...]


def by_keys(keys: Sequence[ColumnElement[Any]], *, descending: bool) -> Order:
    """One segment: none of the keys may be NULL."""
    kinds = tuple(key.type.python_type for key in keys)
    return (Segment(true(), tuple(keys), kinds, descending),)


def by_column(
    column: ColumnElement[Any], ties: Sequence[ColumnElement[Any]], *, descending: bool
) -> Order:
    """By a column that may be NULL, then by ties that may not.

    A text that is too long for a cursor is last, as if there were none.
    """
    (valued,) = by_keys((column, *ties), descending=descending)
    (rest,) = by_keys(ties, descending=descending)
    none: ColumnElement[bool] = column.is_(None)
    some: ColumnElement[bool] = column.is_not(None)
    if column.type.python_type is str:
        none, some = or_(none, func.length(column) > LONGEST), func.length(column) <= LONGEST
    return replace(valued, where=some), replace(rest, where=none)


def by_words(words: Sequence[ColumnElement[bool]], then: Order, *, descending: bool) -> Order:
    """By words in their order, each given as the condition that a row has it; then by another."""
    ordered = reversed(words) if descending else words
    return tuple(
        replace(segment, where=and_(word, segment.where)) for word in ordered for segment in then
    )


def parse_sort(sort: str, fields: Sequence[str]) -> tuple[str, bool]:
    """(field, descending) of ``field`` or ``-field``.

    Raises:
        Refused: ``sort``, with the fields that are known.
    """
    field = sort.removeprefix("-")
    if field not in fields:
        raise Refused("sort", detail=f"sort must be one of {', '.join(fields)}, or - and one")
    return field, sort.startswith("-")
