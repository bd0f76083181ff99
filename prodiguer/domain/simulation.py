"""A simulation: the facts that its messages state, and what follows from them and from its jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prodiguer.domain.job import Told
from prodiguer.domain.message import Stamp

#: A day of a model's calendar: year, month, day.
ModelDate = tuple[int, int, int]


class SimulationFacts(NamedTuple):
    """All that the messages of one simulation say, joined (its jobs' facts apart).

    A tuple, since it is made several times for every message: it is kept as one, too.
    """

    uid: str
    #: Its earliest message, of whatever type.
    anchor: Stamp
    #: The time of its last message.
    last: datetime
    #: Its first 0000.
    announced: Stamp | None = None
    #: Its first 1000: when it started, as long as there is no 0000.
    resumed: Stamp | None = None
    #: Descriptive fields of its 0000s by wire name, the first value present of each
    #: (of jobWarningDelay: the first valid one, since its jobs inherit it).
    words: Mapping[str, Told] = {}  # nobody writes into it
    #: CalendarType of the first config card that has one.
    calendar: Told | None = None
    #: The greatest PeriodDateEnd that is valid, by calendar (``leap``, ``noleap``, ``360d``).
    period_ends: Mapping[str, ModelDate] = {}  # nobody writes into it
    #: Some date of it exists in a calendar of 360 days alone.
    needs_360d: bool = False
    #: The time of its last 8888.
    deleted_at: datetime | None = None


class Simulation(NamedTuple):
    """The state of one run, but for lateness (`late_at`) and for its place among its tries."""

    uid: str
    state: str  # queued | running | complete | error
    late_at: datetime | None
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
    last_message_at: datetime
    #: SHA-256 (hex) over the identity tuple; None without a 0000.
    identity: str | None
    #: The stamp of its 0000: the order of tries.
    announced: Stamp | None
    deleted_at: datetime | None
    flags: tuple[str, ...]
    facts: SimulationFacts


class ComputeJob(NamedTuple):
    """As much of a compute job as the state of its run needs."""

    uid: str
    position: Stamp
    started: bool
    state: str  # running | complete | error
    late_at: datetime | None
    end_code: str | None
    ended: Stamp | None


@dataclass(frozen=True, slots=True)
class Try:
    """A simulation among those of one identity."""

    uid: str
    announced: Stamp
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a simulation stands among its tries."""

    uid: str
    number: int
    of: int
    active: bool
    hidden: bool
