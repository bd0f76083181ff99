"""What a state is at a given moment: a running one past its ``late_at`` is late.

Lists, filters, facets and counts all take their state from here, so that they agree.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_

from prodiguer.storage.queries.plans import Unindexed

RUNNING, LATE = "running", "late"


def state_at(
    state: ColumnElement[Any], late_at: ColumnElement[Any], now: int
) -> ColumnElement[Any]:
    """The state that a reader is shown at a moment in µs."""
    return case((and_(state == RUNNING, late_at < now), literal(LATE)), else_=state)


def is_in_state(
    state: ColumnElement[Any], late_at: ColumnElement[Any], wanted: str, now: int
) -> ColumnElement[bool]:
    """The same as ``state_at(…) == wanted``, said so that an index serves."""
    if wanted == LATE:
        # Few are late, of all those that run: the index on late_at is the one to take.
        return and_(Unindexed(state) == RUNNING, late_at < now)
    if wanted == RUNNING:
        return and_(state == RUNNING, or_(late_at.is_(None), late_at >= now))
    return state == wanted


def shown_state(state: str, late_at: datetime | None, now: datetime) -> str:
    """The state of a row that was read already."""
    return LATE if state == RUNNING and late_at is not None and late_at < now else state
