"""What a run leaves behind, message by message: periods, failed commands, its config card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A simulated period that began (1001)."""

    message_uid: str
    simulation_uid: str
    job_uid: str
    at: datetime
    number: int | None
    begin: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCommand:
    """A command that failed inside a job (1900, 2900, 3900)."""

    message_uid: str
    simulation_uid: str
    job_uid: str
    at: datetime
    command: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigCard:
    """The decoded config card of a run: of those of its 0000s, the first in order."""

    simulation_uid: str
    at: datetime
    message_uid: str
    text: str
