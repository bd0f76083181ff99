"""The runs of a store, kept in dictionaries: quick enough for thousands of invented stories.

Facts go in and out as JSON, as they do in a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from prodiguer import App, Context, Message
from prodiguer.domain.fold import fold
from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.job_state import compute_job
from prodiguer.domain.lateness import is_late
from prodiguer.domain.simulation import ComputeJob, Placing, Simulation, SimulationFacts, Try
from prodiguer.domain.world import JobState, RunState, World
from prodiguer.ports.store import JobKey


class MemoryEvents:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, str | None]] = []

    def add(self, type: str, uid: str, *, simulation_uid: str | None = None) -> None:
        self.told.append((type, uid, simulation_uid))


class MemoryRuns:
    def __init__(self) -> None:
        self.facts: dict[str, bytes] = {}
        self.simulations: dict[str, Simulation] = {}
        self.saved_jobs: dict[JobKey, tuple[Job, bytes]] = {}
        self.revisions: Counter[str] = Counter()
        self.placings: dict[str, Placing] = {}
        self.periods: dict[str, Period] = {}
        self.commands: dict[str, FailedCommand] = {}
        self.cards: dict[str, ConfigCard] = {}
        self.noted: set[tuple[JobKey, datetime]] = set()

    def lock(self, simulations: Sequence[str]) -> Mapping[str, SimulationFacts]:
        known = [uid for uid in simulations if uid in self.facts]
        return {uid: msgspec.json.decode(self.facts[uid], type=SimulationFacts) for uid in known}

    def jobs(self, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]:
        known = [key for key in keys if key in self.saved_jobs]
        return {k: msgspec.json.decode(self.saved_jobs[k][1], type=JobFacts) for k in known}

    def compute_jobs(self, simulations: Sequence[str]) -> Mapping[str, Sequence[ComputeJob]]:
        return {uid: deciding(self._compute(uid)) for uid in simulations}

    def _compute(self, simulation: str) -> list[ComputeJob]:
        return [
            compute_job(job)
            for (run, _), (job, _) in self.saved_jobs.items()
            if run == simulation and job.kind == "compute"
        ]

    def waiting_for_delay(self, simulations: Sequence[str]) -> Sequence[JobFacts]:
        every = self.jobs(list(self.saved_jobs))
        return [
            facts
            for (run, _), facts in every.items()
            if run in simulations
            and facts.start_code == "1000"
            and "jobWarningDelay" not in facts.words
        ]

    def save_jobs(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self.saved_jobs[job.simulation_uid, job.uid] = (job, msgspec.json.encode(job.facts))

    def save_simulations(
        self, simulations: Sequence[Simulation], *, messages: Mapping[str, int]
    ) -> None:
        for simulation in simulations:
            self.simulations[simulation.uid] = simulation
            self.facts[simulation.uid] = msgspec.json.encode(simulation.facts)
            self.revisions[simulation.uid] += messages[simulation.uid]

    def add_periods(self, periods: Sequence[Period]) -> None:
        self.periods.update({period.message_uid: period for period in periods})

    def add_failed_commands(self, commands: Sequence[FailedCommand]) -> None:
        self.commands.update({command.message_uid: command for command in commands})

    def save_cards(self, cards: Sequence[ConfigCard]) -> None:
        for card in cards:
            known = self.cards.get(card.simulation_uid)
            if known is None or (card.at, card.message_uid) < (known.at, known.message_uid):
                self.cards[card.simulation_uid] = card

    def tries(self, identities: Sequence[str]) -> Mapping[str, Sequence[Try]]:
        found: dict[str, list[Try]] = {identity: [] for identity in identities}
        for run in self.simulations.values():
            if run.identity in found and run.announced is not None:
                found[run.identity].append(Try(run.uid, run.announced, run.deleted_at))
        return found

    def save_placings(self, placings: Sequence[Placing]) -> None:
        self.placings.update({placing.uid: placing for placing in placings})

    def overdue(self, now: datetime, limit: int) -> Sequence[tuple[JobKey, datetime]]:
        due = [
            (key, job.late_at)
            for key, (job, _) in sorted(self.saved_jobs.items())
            if job.late_at is not None and job.late_at < now and self._counts(key[0])
        ]
        return [notice for notice in due if notice not in self.noted][:limit]

    def _counts(self, run: str) -> bool:
        placing = self.placings.get(run)
        return placing is None or (placing.active and not placing.hidden)

    def note_late(self, jobs: Sequence[tuple[JobKey, datetime]]) -> None:
        self.noted.update(jobs)


def deciding(jobs: Sequence[ComputeJob]) -> list[ComputeJob]:
    """Those that a store must give: no more, so that a test sees that they are enough."""
    ordered = sorted(jobs, key=lambda job: (job.position, job.uid))
    chosen = ordered[-1:] + [job for job in ordered if job.started][-2:]
    ends = [job for job in ordered if job.end_code == "0100"]
    chosen += sorted(ends, key=lambda job: job.ended or job.position)[-2:]
    return list({job.uid: job for job in chosen}.values())


class MemoryUnit:
    """As much of a unit as an app of runs needs."""

    def __init__(self) -> None:
        self.runs = MemoryRuns()
        self.events = MemoryEvents()


class Desk:
    """An app at work on a memory: each batch once, each message id once."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.unit = MemoryUnit()
        self.seen: set[str] = set()

    def handle(self, messages: Sequence[Message], now: datetime) -> list[tuple[str, str]]:
        """Return the events of this batch: (type, uid)."""
        fresh = {m.uid: m for m in messages if m.uid not in self.seen}
        self.seen.update(fresh)
        assert self.app.batch_handler is not None
        told = len(self.unit.events.told)
        if fresh:
            self.app.batch_handler(list(fresh.values()), self._context(now))
        return [event[:2] for event in self.unit.events.told[told:]]

    def tick(self, now: datetime) -> list[tuple[str, str]]:
        told = len(self.unit.events.told)
        for tick in self.app.ticks:
            tick.handler(self._context(now))
        return [event[:2] for event in self.unit.events.told[told:]]

    def _context(self, now: datetime) -> Context:
        unit: Any = self.unit
        return Context(app=self.app.name, now=now, settings={}, unit=unit)

    def world(self, now: datetime) -> World:
        """What a reader sees."""
        runs = self.unit.runs
        failing = Counter((c.simulation_uid, c.job_uid) for c in runs.commands.values())
        return World(
            {uid: self._run(run, now) for uid, run in runs.simulations.items()},
            {key: seen(job, failing[key], now) for key, (job, _) in runs.saved_jobs.items()},
        )

    def _run(self, run: Simulation, now: datetime) -> RunState:
        runs = self.unit.runs
        placing = runs.placings[run.uid]
        periods = [p for p in runs.periods.values() if p.simulation_uid == run.uid]
        periods.sort(key=lambda period: (period.at, period.message_uid))
        card = runs.cards.get(run.uid)
        return RunState(
            **_shared(run, RunState),
            state="late" if is_late(run.state, run.late_at, now) else run.state,
            number=placing.number,
            of=placing.of,
            active=placing.active,
            hidden=placing.hidden,
            revision=runs.revisions[run.uid],
            config_card=card.text if card else None,
            periods=tuple(period.message_uid for period in periods),
        )


def seen(job: Job, failed_commands: int, now: datetime) -> JobState:
    """A job as a reader sees it."""
    late = is_late(job.state, job.late_at, now)
    return JobState(
        **_shared(job, JobState),
        state="late" if late else job.state,
        failed_commands=failed_commands,
    )


def _shared(value: object, view: type) -> dict[str, Any]:
    """The fields of the view, but ``state``, that the value has too."""
    fields = {}
    for name in view.__dataclass_fields__:
        with suppress(AttributeError):
            fields[name] = getattr(value, name)
    fields.pop("state")
    return fields


def agreed(app: App, messages: Sequence[Message], now: datetime) -> World:
    """What all these messages say by the definition; the app, told one by one, says the same."""
    desk = Desk(app)
    for message in messages:
        desk.handle([message], now)
    world = fold(messages, now)
    assert desk.world(now) == world
    return world
