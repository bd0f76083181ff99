"""Times between Python (aware, in UTC) and the database (microseconds since the epoch)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prodiguer.errors import Refused
from prodiguer.wire.timestamps import LAST_YEAR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The first time that is too late to be kept: every one that a door lets through can be.
END = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)

_DAY = 86_400_000_000
_SECOND = 1_000_000


def micros(time: datetime) -> int:
    """Microseconds since the epoch.

    Raises:
        Refused: its year is not in 1970..2200.
    """
    if not EPOCH <= time < END:
        raise Refused("bad-field", "time", f"{time.isoformat()} is not in 1970..{LAST_YEAR}")
    return plain_micros(time)


def plain_micros(time: datetime) -> int:
    """Microseconds since the epoch, without bounds: for times that are computed."""
    since = time - EPOCH
    return since.days * _DAY + since.seconds * _SECOND + since.microseconds


def maybe_micros(time: datetime | None) -> int | None:
    """Microseconds since the epoch, or nothing."""
    return None if time is None else micros(time)


def moment(micros: int) -> datetime:
    """The time that so many microseconds mean."""
    return EPOCH + timedelta(microseconds=micros)


def maybe_moment(micros: int | None) -> datetime | None:
    """The time that so many microseconds mean, or nothing."""
    return None if micros is None else moment(micros)
