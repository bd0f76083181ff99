"""The state of all runs and jobs as one reads it, lateness included: what `fold` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A job, with the names of the HTTP API."""

    simulation_uid: str
    uid: str
    kind: str
    state: str  # running | late | complete | error
    started_at: datetime | None
    ended_at: datetime | None
    late_at: datetime | None
    accounting_project: str | None
    scheduler_id: str | None
    submission_path: str | None
    warning_delay: int
    post_processing_name: str | None
    post_processing_date: str | None
    post_processing_dimension: str | None
    post_processing_component: str | None
    post_processing_file: str | None
    failed_commands: int
    last_message_at: datetime
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run, with the names of the HTTP API (``number`` and ``of`` are its try and tries)."""

    uid: str
    state: str  # queued | running | late | complete | error
    progress: float
    name: str | None
    activity: str | None
    centre: str | None
    machine: str | None
    login: str | None
    experiment: str | None
    model: str | None
    space: str | None
    accounting_project: str | None
    output_start: str | None
    output_end: str | None
    archive_path: str | None
    storage_path: str | None
    storage_small_path: str | None
    submission_path: str | None
    scheduler_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    late_at: datetime | None
    last_message_at: datetime
    number: int
    of: int
    active: bool
    hidden: bool
    flags: tuple[str, ...]
    #: How many distinct messages speak of it.
    revision: int
    #: The text of its first config card.
    config_card: str | None
    #: The ids of the messages that began its periods, in order.
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """All runs by uid, and all jobs by (simulation uid, job uid)."""

    simulations: Mapping[str, RunState]
    jobs: Mapping[tuple[str, str], JobState]
