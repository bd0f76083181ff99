"""What jobs measure of their environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A file transfer that a job measured (7000)."""

    message_uid: str
    simulation_uid: str
    job_uid: str
    at: datetime
    action: str
    size_mo: float | None
    duration_ms: float | None
    throughput_mo_s: float | None
    dir_from: str | None
    dir_to: str | None
