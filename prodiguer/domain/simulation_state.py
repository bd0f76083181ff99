"""What follows from the facts of a run and from its compute jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import nlargest
from typing import NamedTuple

from prodiguer.domain import lifecycle
from prodiguer.domain.identity import Vocabulary, identity, unchanged
from prodiguer.domain.progress import progress, swapped
from prodiguer.domain.simulation import ComputeJob, Simulation, SimulationFacts
from prodiguer.domain.words import value

#: No 0000 or no compute job is known.
INCOMPLETE = "incomplete"
#: Its endDate lies before its startDate.
INCONSISTENT = "inconsistent"


class _Outcome(NamedTuple):
    state: str
    late_at: datetime | None = None
    ended_at: datetime | None = None


def simulation(
    facts: SimulationFacts,
    compute_jobs: Sequence[ComputeJob],
    vocabulary: Vocabulary = unchanged,
) -> Simulation:
    """The state of a run.

    Args:
        facts: all that is known of it.
        compute_jobs: all of its compute jobs, or those alone that can decide its state: the last
            by (position, uid), the last two that started, and those that ended by 0100.
        vocabulary: the canonical values of the words of its identity.
    """
    outcome = _outcome(compute_jobs)
    words = facts.words
    return Simulation(
        uid=facts.uid,
        state=outcome.state,
        late_at=outcome.late_at,
        progress=1.0 if outcome.state == "complete" else progress(facts),
        name=value(words, "name"),
        activity=value(words, "activity"),
        centre=value(words, "centre"),
        machine=value(words, "machine"),
        login=value(words, "login"),
        experiment=value(words, "experiment"),
        model=value(words, "model"),
        space=value(words, "space"),
        accounting_project=value(words, "accountingProject"),
        output_start=value(words, "startDate"),
        output_end=value(words, "endDate"),
        archive_path=value(words, "archivePath"),
        storage_path=value(words, "storagePath"),
        storage_small_path=value(words, "storageSmallPath"),
        submission_path=value(words, "jobSubmissionPath"),
        scheduler_id=value(words, "jobSchedulerID"),
        started_at=_started_at(facts),
        ended_at=outcome.ended_at,
        last_message_at=facts.last,
        identity=identity(words, vocabulary) if facts.announced else None,
        announced=facts.announced,
        deleted_at=facts.deleted_at,
        flags=tuple(_flags(facts, compute_jobs)),
        facts=facts,
    )


def _started_at(facts: SimulationFacts) -> datetime | None:
    """The time of its 0000; as long as none is known, that of its first 1000."""
    start = facts.announced or facts.resumed
    return start.time if start else None


def _outcome(jobs: Sequence[ComputeJob]) -> _Outcome:
    if not jobs:
        return _Outcome("queued")
    ended_at = _completed_at(jobs)
    if ended_at is not None:
        return _Outcome("complete", ended_at=ended_at)
    last = max(jobs, key=lambda job: (job.position, job.uid))
    if last.ended is None:
        return _Outcome("running", late_at=last.late_at)
    if last.state == "error":
        return _Outcome("error", ended_at=last.ended.time)
    if last.end_code == lifecycle.RUN_END:
        return _Outcome("complete", ended_at=last.ended.time)
    return _Outcome("queued")


def _completed_at(jobs: Sequence[ComputeJob]) -> datetime | None:
    """When the last 0100 came after which no other compute job starts; None without such a one."""
    # Two: a job is never resumed by itself, and so many 0100s as jobs must not take n x n steps.
    starts = nlargest(2, ((job.position, job.uid) for job in jobs if job.started))
    ends = [
        job.ended
        for job in jobs
        if job.ended is not None
        and job.end_code == lifecycle.RUN_END
        and not any(start > job.ended and uid != job.uid for start, uid in starts)
    ]
    return max(ends).time if ends else None


def _flags(facts: SimulationFacts, jobs: Sequence[ComputeJob]) -> Iterator[str]:
    if not jobs or facts.announced is None:
        yield INCOMPLETE
    if swapped(facts):
        yield INCONSISTENT
