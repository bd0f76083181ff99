"""The database as the readers see it: pages of views, each a JSON object of the HTTP API.

A view is a TypedDict, since it goes to the client as it is; its times are aware datetimes in UTC.
Whatever depends on the hour (lateness, ages) is computed for the ``now`` that the caller gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypedDict, TypeVar

#: An exact `total` is given up above this many filtered rows.
COUNT_LIMIT = 10_000


class JobCounts(TypedDict):
    """How many jobs of a kind are in each state."""

    queued: int
    running: int
    complete: int
    late: int
    error: int


SimulationView = TypedDict(
    "SimulationView",
    {
        "uid": str,
        "name": str | None,
        "state": str,
        "progress": float,
        "activity": str | None,
        "centre": str | None,
        "machine": str | None,
        "login": str | None,
        "experiment": str | None,
        "model": str | None,
        "space": str | None,
        "accounting_project": str | None,
        "output_start": str | None,
        "output_end": str | None,
        "started_at": datetime | None,
        "ended_at": datetime | None,
        "late_at": datetime | None,
        "last_message_at": datetime,
        "try": int,
        "tries": int,
        "active": bool,
        "jobs": dict[str, JobCounts],
        "flags": list[str],
        "revision": int,
    },
)


class TryView(TypedDict):
    """One of the tries of a run's identity."""

    uid: str
    number: int
    active: bool
    state: str
    started_at: datetime | None


class SimulationDetail(SimulationView):
    """A run with all that is known of it."""

    archive_path: str | None
    storage_path: str | None
    storage_small_path: str | None
    submission_path: str | None
    scheduler_id: str | None
    config_card: str | None
    all_tries: list[TryView]


class PostProcessingView(TypedDict):
    """What a post-processing or checker job works on."""

    name: str | None
    date: str | None
    dimension: str | None
    component: str | None
    file: str | None


class JobView(TypedDict):
    """A job; ``failed_commands`` counts them."""

    uid: str
    simulation_uid: str
    kind: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    late_at: datetime | None
    accounting_project: str | None
    scheduler_id: str | None
    submission_path: str | None
    warning_delay: int
    post_processing: PostProcessingView
    failed_commands: int
    last_message_at: datetime
    flags: list[str]


class PeriodView(TypedDict):
    """A simulated period that began; dates as the model wrote them (YYYYMMDD)."""

    simulation_uid: str
    job_uid: str
    at: datetime
    number: int | None
    begin: str
    end: str


class MessageView(TypedDict):
    """A message of the archive. ``code`` is as received, ``routed_as`` as it was routed."""

    uid: str
    code: str
    routed_as: str
    name: str
    app: str
    producer: str
    producer_version: str
    dialect: str
    user: str
    mode: str
    simulation_uid: str | None
    job_uid: str | None
    timestamp: datetime
    timestamp_raw: str | None
    received_at: datetime
    door: str
    mail: str | None
    flags: list[str]
    body: dict[str, Any]


class TimelineEntry(TypedDict):
    """Something that happened to a run, as its timeline shows it."""

    at: datetime
    message_uid: str
    code: str
    name: str
    job_uid: str | None
    text: str


class MailView(TypedDict):
    """What a mail carried; ``latency`` is in seconds from its Date to its last message stored."""

    id: str
    at: datetime
    door: str
    sender: str | None
    size: int
    sent_at: datetime | None
    messages: dict[str, int]
    repairs: int
    dead: int
    receipts: int
    latency: float | None


class DeadLetterView(TypedDict):
    """A dead letter; ``bytes`` is base64 and, in lists, cut after 4,096 bytes of ``size``."""

    id: str
    at: datetime
    reason: str
    detail: str
    stage: str
    door: str
    mail: str | None
    position: int | None
    code: str | None
    app: str | None
    bytes: str
    size: int
    resent_at: datetime | None


class TransferView(TypedDict):
    """A file transfer; sizes in megabytes, durations in milliseconds, throughput in megabytes/s."""

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


class FacetValue(TypedDict):
    """How many rows have a value; ``label`` is for the eye."""

    value: str | None
    label: str
    count: int


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list and the way on. Exactly one of the totals is given."""

    items: Sequence[T]
    next: str | None
    total: int | None = None
    total_at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where in a list; `cursor` is a `Page.next` of the same list with the same filters."""

    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time that was said as one before now: it moves on, and is the same filter all the same.

    Args:
        words: as it was said, ``1W``: a cursor is bound to them.
        begin: what they mean now.
    """

    words: str
    begin: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationFilter:
    """Which runs: each given word must be equal, ``q`` matches the name with ``*`` wildcards."""

    #: Of state, machine, centre, login, experiment, model, space, accounting_project.
    words: Mapping[str, str] = field(default_factory=dict)
    #: The last message came at or after.
    since: datetime | Span | None = None
    q: str | None = None
    #: All tries, or active ones alone.
    all_tries: bool = False
    #: A field of `SIMULATION_SORTS`, with ``-`` before it to turn it round.
    sort: str = "-started_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs."""

    simulation: str | None = None
    state: str | None = None
    kind: str | None = None
    since: datetime | Span | None = None
    sort: str = "-started_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages; ``code`` matches as received and as routed. Newest first."""

    code: str | None = None
    simulation: str | None = None
    job: str | None = None
    producer: str | None = None
    mail: str | None = None
    since: datetime | Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterFilter:
    """Which dead letters; ``reason`` matches its word before the colon. Newest first."""

    reason: str | None = None
    stage: str | None = None
    door: str | None = None
    mail: str | None = None
    app: str | None = None
    resent: bool | None = None
    since: datetime | Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFilter:
    """Which transfers. Newest first."""

    simulation: str | None = None
    job: str | None = None
    action: str | None = None
    since: datetime | Span | None = None


SIMULATION_FACETS = (
    "state",
    "machine",
    "centre",
    "login",
    "experiment",
    "model",
    "space",
    "accounting_project",
)
SIMULATION_SORTS = (
    "uid",
    "name",
    "state",
    "progress",
    "centre",
    "machine",
    "login",
    "experiment",
    "model",
    "space",
    "accounting_project",
    "output_start",
    "output_end",
    "started_at",
    "ended_at",
    "last_message_at",
    "try",
    "tries",
    "revision",
)
JOB_SORTS = ("started_at", "ended_at", "late_at", "last_message_at", "state", "kind")
STATES = ("queued", "running", "complete", "late", "error")
JOB_STATES = STATES
JOB_KINDS = ("compute", "post_processing", "checker")


class Queries(Protocol):
    """Reads. Every method may raise `Unavailable`; a bad cursor raises `Refused("cursor")`."""

    def simulations(
        self, which: SimulationFilter, paging: Paging, now: datetime
    ) -> Page[SimulationView]: ...

    def facets(self, which: SimulationFilter, now: datetime) -> Mapping[str, list[FacetValue]]:
        """Of each of `SIMULATION_FACETS`: counts by value, narrowed by the other filters.

        The most frequent values of each, and none too long to be asked for.
        """
        ...

    def simulation(self, uid: str, now: datetime) -> SimulationDetail | None:
        """None where there is none or where it is deleted."""
        ...

    def visible(self, uid: str) -> bool:
        """There is such a simulation and it is not deleted."""
        ...

    def jobs(self, which: JobFilter, paging: Paging, now: datetime) -> Page[JobView]:
        """Those of deleted runs are left out."""
        ...

    def job(self, uid: str, now: datetime) -> JobView | None:
        """Of jobs that share a uid, the one that was heard of last."""
        ...

    def periods(self, simulation: str, paging: Paging) -> Page[PeriodView]: ...

    def timeline(self, simulation: str, paging: Paging) -> Page[TimelineEntry]:
        """The lifecycle messages of a run in their order."""
        ...

    def messages(self, which: MessageFilter, paging: Paging) -> Page[MessageView]: ...

    def message(self, uid: str) -> MessageView | None: ...

    def known_messages(self, uids: Sequence[str]) -> set[str]:
        """Which of these ids the platform has seen already."""
        ...

    def mails(self, paging: Paging) -> Page[MailView]: ...

    def mail(self, id: str) -> MailView | None: ...

    def dead_letters(self, which: DeadLetterFilter, paging: Paging) -> Page[DeadLetterView]: ...

    def dead_letter(self, id: str) -> DeadLetterView | None:
        """With all its bytes."""
        ...

    def transfers(self, which: TransferFilter, paging: Paging) -> Page[TransferView]: ...

    def counts(self) -> Mapping[str, int]:
        """How many there are of ``simulations, jobs, messages, mails, dead_letters``."""
        ...
