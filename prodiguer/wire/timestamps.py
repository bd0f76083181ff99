"""Times as the platform's clients write them, and as the platform keeps them: aware, UTC, µs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

#: Years that a message may speak of.
FIRST_YEAR, LAST_YEAR = 1970, 2200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,30})?"
    r"(?:Z|[+-][0-9]{2}:?[0-5][0-9])"
)


def parse(text: str) -> datetime:
    """Read ``2018-03-05T08:00:01.123456789+0100``: any fraction, ``+HHMM``, ``+HH:MM`` or ``Z``.

    What is finer than a microsecond is cut off.

    Raises:
        ValueError: another form, a day or time that does not exist, or a year out of 1970..2200.
    """
    if _FORM.fullmatch(text) is None:
        raise ValueError(f"{text[:40]!r} is not such as 2018-03-05T08:00:01.123456789+0100")
    return checked(datetime.fromisoformat(text))


def checked(time: datetime) -> datetime:
    """The same time in UTC.

    Raises:
        ValueError: its year is not in 1970..2200.
    """
    try:
        utc = time.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(f"the year {utc.year} is not in {FIRST_YEAR}..{LAST_YEAR}")
    return utc


def to_microseconds(time: datetime) -> int:
    """Since the epoch."""
    return (time - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The inverse of `to_microseconds`.

    Raises:
        ValueError: its year is not in 1970..2200.
    """
    try:
        return checked(_EPOCH + timedelta(microseconds=count))
    except OverflowError:
        raise ValueError("beyond the calendar") from None
