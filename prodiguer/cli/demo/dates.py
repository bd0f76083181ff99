"""Days of the calendars of climate models, written as jobs write them: ``YYYYMMDD``."""

from __future__ import annotations

from typing import Final

_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day(year: int, months: int) -> str:
    """The first day so many months after the first of January of a year."""
    return f"{year + months // 12:04d}{months % 12 + 1:02d}01"


def last_day(year: int, months: int, calendar: str) -> str:
    """The day before that."""
    months -= 1
    year, month = year + months // 12, months % 12 + 1
    return f"{year:04d}{month:02d}{_length(year, month, calendar):02d}"


def iso(text: str) -> str:
    """``YYYYMMDD`` as ``YYYY-MM-DD``."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _length(year: int, month: int, calendar: str) -> int:
    if calendar == "360d":
        return 30
    leap = month == 2 and calendar == "leap" and ((year % 4 == 0 and year % 100) or year % 400 == 0)
    return 29 if leap else _LENGTHS[month - 1]
