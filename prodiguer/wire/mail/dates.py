"""The Date of a mail (RFC 5322), with the obsolete names of zones."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from prodiguer.wire import timestamps

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HOURS = {"ut": 0, "gmt": 0, "z": 0, "utc": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6}
_HOURS |= {"mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "cet": 1, "cest": 2}
_FORM = re.compile(
    r"(?:[a-z]{3},?\s+)?([0-9]{1,2})\s+([a-z]{3})[a-z]*\s+([0-9]{4}|[0-9]{2})\s+"
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s+(?:([+-])([0-9]{2})([0-5][0-9])|([a-z]{1,4}))\b.*",
    re.DOTALL,
)
_LONGEST = 200


def parse(text: str) -> datetime | None:
    """The time in UTC; None where there is none that can be read, or none of 1970..2200."""
    match = _FORM.fullmatch(text[:_LONGEST].strip().lower())
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes, name = match.groups()
    if month not in _MONTHS or (name is not None and name not in _HOURS):
        return None
    offset = _HOURS[name] * 60 if name else int(f"{sign}1") * (int(hours) * 60 + int(minutes))
    try:
        local = datetime(
            _year(year),
            _MONTHS.index(month) + 1,
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            tzinfo=timezone(timedelta(minutes=offset)),
        )
        return timestamps.checked(local)
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits are 1950 to 2049."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 50 else 1900)
