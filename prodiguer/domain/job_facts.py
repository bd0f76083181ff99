"""The facts of a job: what one message states, and how two statements are joined.

`join` is associative, commutative and idempotent, so the facts of a set of messages are the same
in whatever order, batches and repetitions they come.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from prodiguer.domain import lifecycle, words
from prodiguer.domain.job import End, JobFacts, Told
from prodiguer.domain.message import Message, Stamp

DELAY = "jobWarningDelay"

#: The wire names of what a start says of its job.
DESCRIPTIVE = (
    "accountingProject",
    DELAY,
    "jobSchedulerID",
    "jobSubmissionPath",
    "postProcessingName",
    "postProcessingDate",
    "postProcessingDimn",
    "postProcessingComp",
    "postProcessingFile",
)

S = TypeVar("S", Stamp, End, Told, datetime)


def of(message: Message) -> JobFacts | None:
    """What a message says of its job; None where it speaks of none."""
    kind = lifecycle.KINDS.get(message.code)
    if kind is None or message.job_uid is None or not lifecycle.concerns_run(message):
        return None
    code, stamp = message.code, message.stamp
    starts = code in lifecycle.STARTS
    ordinary, decisive = code in lifecycle.ORDINARY_ENDS, code in lifecycle.DECISIVE_ENDS
    end = End(stamp.time, stamp.uid, code) if ordinary or decisive else None
    return JobFacts(
        simulation_uid=message.simulation_uid or "",
        uid=message.job_uid,
        anchor=stamp,
        anchor_kind=kind,
        start=stamp if starts else None,
        start_kind=kind if starts else None,
        start_code=code if starts else None,
        ordinary_end=end if ordinary else None,
        decisive_end=end if decisive else None,
        decisive_codes=(code,) if decisive else (),
        words=words.spoken(message, stamp, DESCRIPTIVE) if starts else {},
        last=stamp.time,
        skewed=message.timestamp > stamp.time,
    )


def join(a: JobFacts, b: JobFacts) -> JobFacts:
    """All that both say of the same job."""
    anchor = a if a.anchor <= b.anchor else b
    start = _starting(a, b)
    return JobFacts(
        simulation_uid=a.simulation_uid,
        uid=a.uid,
        anchor=anchor.anchor,
        anchor_kind=anchor.anchor_kind,
        start=start.start,
        start_kind=start.start_kind,
        start_code=start.start_code,
        ordinary_end=latest(a.ordinary_end, b.ordinary_end),
        decisive_end=latest(a.decisive_end, b.decisive_end),
        decisive_codes=_union(a.decisive_codes, b.decisive_codes),
        words=words.join(a.words, b.words),
        last=max(a.last, b.last),
        skewed=a.skewed or b.skewed,
    )


def earliest(a: S | None, b: S | None) -> S | None:
    """The smaller of two, where None is nothing."""
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


def latest(a: S | None, b: S | None) -> S | None:
    """The greater of two, where None is nothing."""
    if a is None or b is None:
        return b if a is None else a
    return max(a, b)


def _starting(a: JobFacts, b: JobFacts) -> JobFacts:
    """Which of the two knows the first start."""
    if a.start is None or b.start is None:
        return b if a.start is None else a
    return a if a.start <= b.start else b


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return a if a == b or not b else tuple(sorted({*a, *b}))
