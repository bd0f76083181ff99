"""How far a run has come, in its model's time.

Two sentences must hold: the run is placed in the calendar of 360 days as soon as some date needs
it, and adding a period never lowers the progress. A first period can need it that moves nothing
forward, while the same dates stand a little further on among the days of the Gregorian calendar
(November 30 of one year: 0.917 against 0.916) or do not exist among 360 (January 31). So without
a config card the progress is the greater of the two placings: that of 360 days, and what the
dates of the Gregorian calendar had shown already.
"""

from __future__ import annotations

from prodiguer.domain import calendars
from prodiguer.domain.simulation import ModelDate, SimulationFacts
from prodiguer.domain.words import value


def progress(facts: SimulationFacts) -> float:
    """The greatest period end between startDate and endDate, 0 to 1; 0 where one is missing."""
    if not facts.period_ends:
        return 0.0
    start, end = _date(facts, "startDate"), _date(facts, "endDate")
    if start is None or end is None:
        return 0.0
    return max(
        share(start, end, reached, calendar)
        for calendar in in_force(facts)
        for reached in (facts.period_ends.get(calendar),)
    )


def in_force(facts: SimulationFacts) -> tuple[str, ...]:
    """The card's calendar; else the Gregorian, and that of 360 days if some date needs it."""
    if facts.calendar is not None:
        return (facts.calendar.value,)
    if facts.needs_360d:
        return (calendars.LEAP, calendars.DAYS_360)
    return (calendars.LEAP,)


def share(start: ModelDate, end: ModelDate, reached: ModelDate | None, calendar: str) -> float:
    """Where a date lies between two others; 0 where the calendar lacks one or they are swapped."""
    if reached is None or start > end:
        return 0.0
    if not (calendars.exists(start, calendar) and calendars.exists(end, calendar)):
        return 0.0
    if reached >= end:
        return 1.0
    if reached <= start:
        return 0.0
    first, now, last = (calendars.day_number(date, calendar) for date in (start, reached, end))
    return (now - first) / (last - first)


def swapped(facts: SimulationFacts) -> bool:
    """It is said to end before it begins."""
    start, end = _date(facts, "startDate"), _date(facts, "endDate")
    return start is not None and end is not None and end < start


def _date(facts: SimulationFacts, field: str) -> ModelDate | None:
    text = value(facts.words, field)
    return calendars.parse(text) if text else None
