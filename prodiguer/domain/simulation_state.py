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
from prodiguer.domain.words import values

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
    said = values(facts.words).get
    return Simulation(
        uid=facts.uid,
        state=outcome.state,
        late_at=outcome.late_at,
        progress=1.0 if outcome.state == "complete" else progress(facts),
        name=said("name"),
        activity=said("activity"),
        centre=said("centre"),
        machine=said("machine"),
        login=said("login"),
        experiment=said("experiment"),
        model=said("model"),
        space=said("space"),
        accounting_project=said("accountingProject"),
        output_start=said("startDate"),
        output_end=said("endDate"),
        archive_path=said("archivePath"),
        storage_path=said("storagePath"),
        storage_small_path=said("storageSmallPath"),
        submission_path=said("jobSubmissionPath"),
        scheduler_id=said("jobSchedulerID"),
        started_at=_started_at(facts),
        ended_at=outcome.ended_at,
        last_message_at=facts.last,
        identity=identity(facts.words, vocabulary) if facts.announced else None,
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
    ends = [(job.ended, job.uid) for job in jobs if job.ended and job.end_code == lifecycle.RUN_END]
    if not ends:
        return None
    # Two: no job resumes itself, and as many 0100s as jobs must not take n x n steps.
    starts = nlargest(2, ((job.position, job.uid) for job in jobs if job.started))
    last = [
        end
        for end, uid in ends
        if not any(start > end and starting != uid for start, starting in starts)
    ]
    return max(last).time if last else None


def _flags(facts: SimulationFacts, jobs: Sequence[ComputeJob]) -> Iterator[str]:
    if not jobs or facts.announced is None:
        yield INCOMPLETE
    if swapped(facts):
        yield INCONSISTENT
