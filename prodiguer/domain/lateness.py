"""When a job that has not ended is late."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

#: Seconds that a job may run where nobody said how long.
DEFAULT_DELAY: Final = 86_400
#: The greatest delay that can be meant, in seconds (some 31 years).
GREATEST_DELAY: Final = 1_000_000_000
#: What a job may be over its delay before anybody is told.
GRACE: Final = timedelta(seconds=300)

# A number that came as JSON 3600.0 is as good as "3600".
_SECONDS = re.compile(r"\s*\+?0*(\d{1,10})(?:\.0*)?\s*", re.ASCII)


@lru_cache(maxsize=1024)
def valid_delay(text: str) -> int | None:
    """The seconds that a jobWarningDelay says; None unless from 1 to `GREATEST_DELAY`."""
    found = _SECONDS.fullmatch(text)
    seconds = int(found[1]) if found else 0
    return seconds if 1 <= seconds <= GREATEST_DELAY else None


def late_at(started_at: datetime, delay: int) -> datetime:
    """The last moment at which a job that has not ended is in time (``delay`` in seconds)."""
    return started_at + timedelta(seconds=delay) + GRACE


def is_late(state: str, late_from: datetime | None, now: datetime) -> bool:
    """A running job, or a run that such a job decides, is over its time."""
    return state == "running" and late_from is not None and now > late_from
