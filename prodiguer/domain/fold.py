"""The definition of the state, read off a whole set of messages at once.

This is the oracle: it follows the sentences of the specification over sorted messages and knows
nothing of joins, batches and saved facts, so that tests, rebuilds and ledgers can hold what the
platform has computed step by step against it. It is written to be compared, not to be quick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from prodiguer.domain import calendars, lifecycle, records
from prodiguer.domain import words as descriptive
from prodiguer.domain.card import calendar_type
from prodiguer.domain.identity import Vocabulary, identity, unchanged
from prodiguer.domain.job import Told
from prodiguer.domain.job_facts import DELAY
from prodiguer.domain.lateness import (
    DEFAULT_DELAY,
    GREATEST_DELAY,
    is_late,
    late_at,
    valid_delay,
)
from prodiguer.domain.message import Message
from prodiguer.domain.simulation import ModelDate, Placing, Try
from prodiguer.domain.tries import alone, place
from prodiguer.domain.world import JobState, RunState, World

#: Messages of one run or job, in their order, each id once.
Story = Sequence[Message]


def fold(messages: Iterable[Message], now: datetime, vocabulary: Vocabulary = unchanged) -> World:
    """The state of all runs and jobs that these messages speak of.

    Args:
        messages: in any order, with any repetition; those that move no run are passed over.
        now: when it is read: lateness alone depends on it.
        vocabulary: the canonical values of the words of an identity.
    """
    runs, jobs = _stories(messages)
    told = {key: _Job(story, runs[key[0]]) for key, story in jobs.items()}
    compute: dict[str, list[_Job]] = defaultdict(list)
    for (uid, _), job in told.items():
        if job.kind == lifecycle.COMPUTE:
            compute[uid].append(job)
    placings = _placings(runs, vocabulary)
    return World(
        {uid: _run(story, compute[uid], placings[uid], now) for uid, story in runs.items()},
        {key: job.state_at(now) for key, job in told.items()},
    )


def _stories(
    messages: Iterable[Message],
) -> tuple[dict[str, list[Message]], dict[tuple[str, str], list[Message]]]:
    runs: dict[str, list[Message]] = defaultdict(list)
    jobs: dict[tuple[str, str], list[Message]] = defaultdict(list)
    # Of those that share an id the one that arrived first counts: it is written last.
    arrived = sorted(messages, key=lambda message: message.received_at, reverse=True)
    distinct = {message.uid: message for message in arrived if lifecycle.concerns_run(message)}
    for message in sorted(distinct.values(), key=lambda message: message.stamp):
        uid = message.simulation_uid or ""
        runs[uid].append(message)
        if message.job_uid is not None and message.code in lifecycle.KINDS:
            jobs[uid, message.job_uid].append(message)
    return dict(runs), dict(jobs)


def _of(story: Story, codes: frozenset[str] | set[str]) -> Story:
    return [message for message in story if message.code in codes]


def _first(story: Story, field: str) -> str | None:
    """The first value present in the order of the messages."""
    return next((value for message in story if (value := message.get(field)) is not None), None)


class _Job:
    """A job, told by its messages."""

    def __init__(self, story: Story, run: Story) -> None:
        self.story = story
        self.run = run
        self.starts = _of(story, lifecycle.STARTS)
        self.begin = (self.starts or story)[0]
        self.kind = lifecycle.KINDS[self.begin.code]
        decisive = _of(story, lifecycle.DECISIVE_ENDS)
        ordinary = _of(story, lifecycle.ORDINARY_ENDS)
        ends = decisive or ordinary
        self.end = ends[-1] if ends else None
        self.end_code = self.end.code if self.end else None
        self.conflict = len({message.code for message in decisive}) > 1
        self.state = _state(self.end_code)
        self.started_at = self.starts[0].time if self.starts else None
        self.delay = self._delay()
        self.late_at = (
            late_at(self.started_at, self.delay) if self.started_at and not self.end else None
        )

    def _delay(self) -> int:
        given = _first(self.starts, DELAY)
        if given is None and self.starts and self.begin.code == lifecycle.COMPUTE_START:
            announced = _of(self.run, {lifecycle.RUN_START})
            inherited = [valid_delay(message.get(DELAY) or "") for message in announced]
            return next(filter(None, inherited), DEFAULT_DELAY)
        return valid_delay(given or "") or DEFAULT_DELAY

    def _flags(self) -> Iterable[str]:
        given = _first(self.starts, DELAY)
        if given is not None and valid_delay(given) is None:
            yield "delay-default"
        if self.conflict:
            yield "end-conflict"
        ahead = any(message.timestamp > message.time for message in self.story)
        if ahead or not self._possible():
            yield "inconsistent"

    def _possible(self) -> bool:
        if self.started_at is None or self.end is None:
            return True
        lasted = self.end.time - self.started_at
        return timedelta(0) <= lasted < timedelta(seconds=GREATEST_DELAY)

    def state_at(self, now: datetime) -> JobState:
        """The state as it is read at that time."""
        return JobState(
            simulation_uid=self.begin.simulation_uid or "",
            uid=self.begin.job_uid or "",
            kind=self.kind,
            state="late" if is_late(self.state, self.late_at, now) else self.state,
            started_at=self.started_at,
            ended_at=self.end.time if self.end else None,
            late_at=self.late_at,
            accounting_project=_first(self.starts, "accountingProject"),
            scheduler_id=_first(self.starts, "jobSchedulerID"),
            submission_path=_first(self.starts, "jobSubmissionPath"),
            warning_delay=self.delay,
            post_processing_name=_first(self.starts, "postProcessingName"),
            post_processing_date=_first(self.starts, "postProcessingDate"),
            post_processing_dimension=_first(self.starts, "postProcessingDimn"),
            post_processing_component=_first(self.starts, "postProcessingComp"),
            post_processing_file=_first(self.starts, "postProcessingFile"),
            failed_commands=len(_of(self.story, lifecycle.COMMAND_FAILURES)),
            last_message_at=self.story[-1].time,
            flags=tuple(self._flags()),
        )


def _state(end_code: str | None) -> str:
    if end_code is None:
        return "running"
    return "error" if end_code in lifecycle.FATAL_ENDS else "complete"


def _placings(runs: Mapping[str, Story], vocabulary: Vocabulary) -> Mapping[str, Placing]:
    placed: dict[str, Placing] = {}
    families: dict[str, list[Try]] = defaultdict(list)
    for uid, story in runs.items():
        announced = _of(story, {lifecycle.RUN_START})
        deletions = _of(story, {lifecycle.RUN_DELETION})
        if not announced:
            placed[uid] = alone(uid, deleted=bool(deletions))
            continue
        said: dict[str, Told] = {}
        for message in reversed(announced):
            said.update(descriptive.spoken(message, message.stamp, message.body))
        family = identity(said, vocabulary)
        deleted_at = deletions[-1].time if deletions else None
        families[family].append(Try(uid, announced[0].stamp, deleted_at))
    for tries in families.values():
        placed.update({placing.uid: placing for placing in place(tries)})
    return placed


def _run(story: Story, jobs: Sequence[_Job], placing: Placing, now: datetime) -> RunState:
    announced = _of(story, {lifecycle.RUN_START})
    resumed = _of(story, {lifecycle.COMPUTE_START})
    state, late_from, ended_at = _outcome(jobs)
    cards = [card for message in announced if (card := records.config_card(message))]
    begun = (announced or resumed)[:1]
    return RunState(
        uid=placing.uid,
        state="late" if is_late(state, late_from, now) else state,
        progress=1.0 if state == "complete" else _progress(story),
        name=_first(announced, "name"),
        activity=_first(announced, "activity"),
        centre=_first(announced, "centre"),
        machine=_first(announced, "machine"),
        login=_first(announced, "login"),
        experiment=_first(announced, "experiment"),
        model=_first(announced, "model"),
        space=_first(announced, "space"),
        accounting_project=_first(announced, "accountingProject"),
        output_start=_first(announced, "startDate"),
        output_end=_first(announced, "endDate"),
        archive_path=_first(announced, "archivePath"),
        storage_path=_first(announced, "storagePath"),
        storage_small_path=_first(announced, "storageSmallPath"),
        submission_path=_first(announced, "jobSubmissionPath"),
        scheduler_id=_first(announced, "jobSchedulerID"),
        started_at=begun[0].time if begun else None,
        ended_at=ended_at,
        late_at=late_from,
        last_message_at=story[-1].time,
        number=placing.number,
        of=placing.of,
        active=placing.active,
        hidden=placing.hidden,
        flags=tuple(_run_flags(announced, jobs)),
        revision=len(story),
        config_card=cards[0].text if cards else None,
        periods=tuple(message.uid for message in story if records.period(message)),
    )


def _run_flags(announced: Story, jobs: Sequence[_Job]) -> Iterable[str]:
    if not announced or not jobs:
        yield "incomplete"
    start, end = (_date(_first(announced, field)) for field in ("startDate", "endDate"))
    if start and end and end < start:
        yield "inconsistent"


def _outcome(jobs: Sequence[_Job]) -> tuple[str, datetime | None, datetime | None]:
    """State, late from, ended at."""
    finished = [
        job.end.stamp
        for job in jobs
        if job.end and job.end_code == lifecycle.RUN_END and not _resumed(job, job.end, jobs)
    ]
    if finished:
        return "complete", None, max(finished).time
    if not jobs:
        return "queued", None, None
    last = max(jobs, key=lambda job: (job.begin.stamp, job.begin.job_uid or ""))
    if last.end is None:
        return "running", last.late_at, None
    if last.end_code in lifecycle.ORDINARY_ENDS:
        return "queued", None, None
    return last.state, None, last.end.time


def _resumed(job: _Job, end: Message, jobs: Sequence[_Job]) -> bool:
    """Another compute job starts after this end."""
    return any(
        other is not job and other.starts and other.begin.stamp > end.stamp for other in jobs
    )


def _date(text: str | None) -> ModelDate | None:
    return calendars.parse(text) if text else None


def _progress(story: Story) -> float:
    announced = _of(story, {lifecycle.RUN_START})
    periods = _of(story, {lifecycle.PERIOD})
    cards = [card for message in announced if (card := records.config_card(message))]
    named = [name for card in cards if (name := calendar_type(card.text))]
    start, end = (_date(_first(announced, field)) for field in ("startDate", "endDate"))
    if start is None or end is None:
        return 0.0
    reached = [date for m in periods if (date := _date(m.get("PeriodDateEnd")))]
    if named:
        return _share(start, end, reached, named[0])
    placed = _share(start, end, reached, calendars.LEAP)
    if any(calendars.needs_360d(date) for date in _dates(announced, periods)):
        placed = max(placed, _share(start, end, reached, calendars.DAYS_360))
    return placed


def _dates(announced: Story, periods: Story) -> Iterable[ModelDate]:
    texts = [message.get(field) for message in announced for field in ("startDate", "endDate")]
    texts += [m.get(field) for m in periods for field in ("PeriodDateBegin", "PeriodDateEnd")]
    return [date for text in texts if (date := _date(text))]


def _share(start: ModelDate, end: ModelDate, reached: list[ModelDate], calendar: str) -> float:
    valid = [date for date in reached if calendars.exists(date, calendar)]
    bounds = all(calendars.exists(date, calendar) for date in (start, end))
    if not valid or not bounds or start > end:
        return 0.0
    first, last, now = (calendars.day_number(d, calendar) for d in (start, end, max(valid)))
    if first == last:
        return float(now >= last)
    return min(1.0, max(0.0, (now - first) / (last - first)))
