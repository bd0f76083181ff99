"""The parameter ``since``: a time, or a span before now."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from prodiguer.ports.queries import Span

SPANS = ("1W", "2W", "1M", "2M", "3M", "6M", "12M")
ALL = "*"

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+ -]\d\d:\d\d)", re.ASCII
)
_WHAT = f"an RFC 3339 time between 1970 and 2200, one of {' '.join(SPANS)}, or {ALL}"


def read(text: str, now: datetime) -> datetime | Span | None:
    """The time or the span that is meant, in UTC; None for all times.

    Raises:
        ValueError: neither a time nor a span.
    """
    if text == ALL:
        return None
    return Span(text, _before(now, text)) if text in SPANS else _time(text)


def _before(now: datetime, span: str) -> datetime:
    number, unit = int(span[:-1]), span[-1]
    return now - timedelta(weeks=number) if unit == "W" else _months_before(now, number)


def _months_before(now: datetime, months: int) -> datetime:
    """The same day of an earlier month, or its last day where it is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def _time(text: str) -> datetime:
    match = _RFC3339.fullmatch(text)
    if not match:
        raise ValueError(_WHAT)
    # In a query an unescaped + reads as a space: nothing else can be meant before an offset.
    offset = match[2].upper().replace(" ", "+").replace("Z", "+00:00")
    try:
        time = datetime.fromisoformat(text[:19].upper() + (match[1] or "")[:7] + offset)
        time = time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_WHAT) from None
    if not 1970 <= time.year < 2200:
        raise ValueError(_WHAT)
    return time
