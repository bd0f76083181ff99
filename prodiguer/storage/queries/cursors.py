"""The opaque cursors of lists: where a walk stands, and of which walk it is.

A cursor is base64url of ``{"s": segment, "v": [values], "n": µs, "h": digest}``. The digest
covers the list, its filters and its order as well as the place, so that a cursor that was
changed, or that comes from another list or other filters, is told from a good one. It is no
secret: whoever forges one reads rows that he may read anyway, and every value is bound, never
written into SQL.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prodiguer.errors import Refused

REMEDY = "the cursor is not one of this list with these filters and this sort: start without it"

#: In characters. A place holds a name and a uid at the most.
LONGEST = 1_000_000
_INT64 = 2**63
_DIGEST = 16

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows of a list.

    Args:
        segment: of the list's order, from 0.
        values: of that segment's keys in the row before.
        now: of the walk's first page, in µs: lateness must not reorder a list while it is read.
    """

    segment: int
    values: tuple[Value, ...]
    now: int


def write(place: Place, walk: str) -> str:
    """The cursor of a place.

    Args:
        place: after the last row of a page.
        walk: text that is the same for one list, its filters and its order, and for no other.
    """
    segment, values, now = place.segment, list(place.values), place.now
    digest = _digest([segment, values, now], walk)
    text = _json({"s": segment, "v": values, "n": now, "h": digest})
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(cursor: str, walk: str, segments: Sequence[Sequence[type]]) -> Place:
    """The place that a cursor means.

    Args:
        cursor: from outside.
        walk: of the list that it is used for.
        segments: the types (``int``, ``float``, ``str``) of the keys of each segment.

    Raises:
        Refused: ``cursor``, with the remedy.
    """
    segment, values, now = _opened(cursor, walk)
    if not _fit(segment, values, segments):
        raise Refused("cursor", detail=REMEDY)
    return Place(segment, tuple(values), now)


def moment_of(cursor: str, walk: str) -> int:
    """When the walk of a cursor began, in µs.

    Raises:
        Refused: ``cursor``, with the remedy.
    """
    return _opened(cursor, walk)[2]


def _opened(cursor: str, walk: str) -> tuple[Any, Any, int]:
    try:
        data = _parse(cursor)
        segment, values, now = data["s"], data["v"], data["n"]
        good = data["h"] == _digest([segment, values, now], walk) and _is(now, int)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("cursor", detail=REMEDY) from error
    if not good:
        raise Refused("cursor", detail=REMEDY)
    return segment, values, now


def _parse(cursor: str) -> dict[str, Any]:
    if len(cursor) > LONGEST:
        raise ValueError("too long")
    padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
    data = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    if not isinstance(data, dict):
        raise TypeError("not an object")
    return data


def _fit(segment: Any, values: Any, segments: Sequence[Sequence[type]]) -> bool:
    if not (_is(segment, int) and 0 <= segment < len(segments) and isinstance(values, list)):
        return False
    kinds = segments[segment]
    return len(values) == len(kinds) and all(map(_is, values, kinds))


def _is(value: Any, kind: type) -> bool:
    """Whether a value from outside can be bound as this type."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return kind in (int, float) and -_INT64 <= value < _INT64
    return isinstance(value, kind)


def _digest(place: list[Any], walk: str) -> str:
    return hashlib.sha256(_json([place, walk]).encode()).hexdigest()[:_DIGEST]


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
