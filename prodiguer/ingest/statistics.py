"""What a pump has done since it was started."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Statistics:
    """Counts; written by the pump's thread alone."""

    #: Mails dealt with, those that came again included.
    mails: int = 0
    bytes: int = 0
    #: Messages published and confirmed.
    messages: int = 0
    #: Lines, parts and whole mails that were no messages.
    dead: int = 0
    #: Files of the inbox that were no mails.
    put_aside: int = 0
    #: Exceptions that nobody expected.
    errors: int = 0
    #: Seconds in which the broker or the database was away.
    paused: float = 0.0

    def as_dict(self) -> dict[str, float]:
        """For printing."""
        return asdict(self)
