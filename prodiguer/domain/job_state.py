"""What follows from the facts of a job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prodiguer.domain import lifecycle
from prodiguer.domain.job import End, Job, JobFacts
from prodiguer.domain.job_facts import DELAY
from prodiguer.domain.lateness import DEFAULT_DELAY, GREATEST_DELAY, late_at, valid_delay
from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import ComputeJob
from prodiguer.domain.words import value, values

#: The jobWarningDelay that was given cannot be meant; the default stands for it.
DELAY_DEFAULT = "delay-default"
#: It was said to have ended in more than one way.
END_CONFLICT = "end-conflict"
#: Its clock cannot be right: it ended before it started, lasted for decades, or spoke of a time
#: to come.
INCONSISTENT = "inconsistent"

_LONGEST = timedelta(seconds=GREATEST_DELAY)


def job(facts: JobFacts, run_delay: int | None = None) -> Job:
    """The state of a job.

    Args:
        facts: all that is known of it.
        run_delay: the valid jobWarningDelay of its run's 0000, in seconds, if any: a job that was
            started by a 1000 without one takes it.
    """
    end = winning_end(facts)
    delay = _delay(facts, run_delay)
    started_at = facts.start.time if facts.start else None
    said = values(facts.words).get
    return Job(
        simulation_uid=facts.simulation_uid,
        uid=facts.uid,
        kind=facts.start_kind or facts.anchor_kind,
        state=_state(end),
        started_at=started_at,
        ended_at=end.time if end else None,
        late_at=late_at(started_at, delay) if started_at and not end else None,
        position=facts.start or facts.anchor,
        end_code=end.code if end else None,
        accounting_project=said("accountingProject"),
        scheduler_id=said("jobSchedulerID"),
        submission_path=said("jobSubmissionPath"),
        warning_delay=delay,
        post_processing_name=said("postProcessingName"),
        post_processing_date=said("postProcessingDate"),
        post_processing_dimension=said("postProcessingDimn"),
        post_processing_component=said("postProcessingComp"),
        post_processing_file=said("postProcessingFile"),
        last_message_at=facts.last,
        flags=tuple(_flags(facts, end)),
        facts=facts,
    )


def compute_job(job: Job) -> ComputeJob:
    """As much of a compute job as its run's state needs."""
    end = winning_end(job.facts)
    return ComputeJob(
        uid=job.uid,
        position=job.position,
        started=job.started_at is not None,
        state=job.state,
        late_at=job.late_at,
        end_code=job.end_code,
        ended=Stamp(end.time, end.uid) if end else None,
    )


def winning_end(facts: JobFacts) -> End | None:
    """An ordinary end counts only where there is no other."""
    return facts.decisive_end or facts.ordinary_end


def _state(end: End | None) -> str:
    if end is None:
        return "running"
    return "error" if end.code in lifecycle.FATAL_ENDS else "complete"


def _delay(facts: JobFacts, run_delay: int | None) -> int:
    """Its own, if one was given at all; else its run's, where a 1000 started it."""
    given = value(facts.words, DELAY)
    if given is not None:
        return valid_delay(given) or DEFAULT_DELAY
    inherits = facts.start_code == lifecycle.COMPUTE_START
    return run_delay or DEFAULT_DELAY if inherits else DEFAULT_DELAY


def _flags(facts: JobFacts, end: End | None) -> Iterator[str]:
    given = value(facts.words, DELAY)
    if given is not None and valid_delay(given) is None:
        yield DELAY_DEFAULT
    if len(facts.decisive_codes) > 1:
        yield END_CONFLICT
    if facts.skewed or _impossible(facts, end):
        yield INCONSISTENT


def _impossible(facts: JobFacts, end: End | None) -> bool:
    if facts.start is None or end is None:
        return False
    return not timedelta(0) <= end.time - facts.start.time < _LONGEST
