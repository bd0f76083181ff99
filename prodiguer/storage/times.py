"""Times between Python (aware, in UTC) and the database (microseconds since the epoch)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prodiguer.errors import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The first time that is too late to be kept.
END = datetime(2200, 1, 1, tzinfo=UTC)

_DAY = 86_400_000_000
_SECOND = 1_000_000


def micros(time: datetime) -> int:
    """Microseconds since the epoch.

    Raises:
        Refused: before 1970 or after 2199.
    """
    if not EPOCH <= time < END:
        raise Refused("bad-field", "time", f"{time.isoformat()} is not between 1970 and 2200")
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
