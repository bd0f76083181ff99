"""A job: the facts that its messages state, and what follows from them.

`JobFacts` is a join-semilattice: joining is associative, commutative and idempotent, so that
order and repetition of the messages cannot matter. `Job` is what one reads off the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from prodiguer.domain.message import Stamp


class Told(NamedTuple):
    """A value and the stamp of the message that said it: the smallest stamp wins a field."""

    time: datetime
    uid: str
    value: str


class End(NamedTuple):
    """An end of a job: the greatest stamp among the decisive ones wins."""

    time: datetime
    uid: str
    code: str


class JobFacts(NamedTuple):
    """All that the messages of one job say, joined.

    A tuple, since it is made several times for every message: it is kept as one, too.
    """

    simulation_uid: str
    uid: str
    #: Its earliest message, and the kind that this message's family gives.
    anchor: Stamp
    anchor_kind: str
    #: The time of its last message.
    last: datetime
    #: Its first start, and the kind and code that the start gives.
    start: Stamp | None = None
    start_kind: str | None = None
    start_code: str | None = None
    #: The last of 1100, 2100, 3100.
    ordinary_end: End | None = None
    #: The last of 0100, 1999, 2999, 3999.
    decisive_end: End | None = None
    #: The distinct decisive codes seen, sorted: more than one is a conflict.
    decisive_codes: tuple[str, ...] = ()
    #: Descriptive fields by wire name, the first value present of each.
    words: Mapping[str, Told] = {}  # nobody writes into it
    #: Some message of it said a time so far ahead that its arrival stands for it.
    skewed: bool = False


class Job(NamedTuple):
    """The state of one job, but for lateness, which depends on now (`late_at` says when)."""

    simulation_uid: str
    uid: str
    kind: str  # compute | post_processing | checker
    state: str  # running | complete | error
    started_at: datetime | None
    ended_at: datetime | None
    #: From then on a job that has not ended is late; None where it cannot be.
    late_at: datetime | None
    #: Start, else anchor: its place among the jobs of its run (then by uid).
    position: Stamp
    end_code: str | None
    accounting_project: str | None
    scheduler_id: str | None
    submission_path: str | None
    warning_delay: int
    post_processing_name: str | None
    post_processing_date: str | None
    post_processing_dimension: str | None
    post_processing_component: str | None
    post_processing_file: str | None
    last_message_at: datetime
    flags: tuple[str, ...]
    facts: JobFacts
