"""The calendars of climate models and their dates.

A date is (year, month, day) with any year, before year 1 and after 9999 too. Dates of one
calendar compare as tuples.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Final

from prodiguer.domain.simulation import ModelDate

LEAP: Final = "leap"
NOLEAP: Final = "noleap"
DAYS_360: Final = "360d"
CALENDARS = (LEAP, NOLEAP, DAYS_360)

_DATE = re.compile(r"([+-]?\d{4,9})(-?)(\d\d)\2(\d\d)", re.ASCII)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, *accumulate(_LENGTHS))


@lru_cache(maxsize=4096)
def parse(text: str) -> ModelDate | None:
    """A date written ``YYYYMMDD`` or ``YYYY-MM-DD``; None where no calendar has it.

    The year has four to nine digits and may have a sign.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    date = (int(found[1]), int(found[3]), int(found[4]))
    return date if any(exists(date, calendar) for calendar in CALENDARS) else None


def exists(date: ModelDate, calendar: str) -> bool:
    """The calendar has this day."""
    year, month, day = date
    return 1 <= month <= 12 and 1 <= day <= _length(year, month, calendar)


def needs_360d(date: ModelDate) -> bool:
    """Only a calendar of twelve months of thirty days has this day, such as 1850-02-30."""
    return exists(date, DAYS_360) and not exists(date, LEAP)


def day_number(date: ModelDate, calendar: str) -> int:
    """Days since 0000-01-01 in the calendar; negative before."""
    year, month, day = date
    if calendar == DAYS_360:
        return (year * 12 + month - 1) * 30 + day - 1
    number = year * 365 + _BEFORE[month - 1] + day - 1
    return number + _leap_days(year, month) if calendar == LEAP else number


def _length(year: int, month: int, calendar: str) -> int:
    if calendar == DAYS_360:
        return 30
    if month == 2 and calendar == LEAP and _is_leap(year):
        return 29
    return _LENGTHS[month - 1]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _leap_days(year: int, month: int) -> int:
    """How many 29ths of February lie between 0000-01-01 and the first of this month."""
    last = year if month > 2 else year - 1
    return last // 4 - last // 100 + last // 400 + 1
