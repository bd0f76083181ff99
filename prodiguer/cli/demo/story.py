"""What one simulated run says from its first job to its last, and when.

Times are seconds from the beginning of the demonstration. What lies before it lasts as long as it
does on a real machine, hours and days; what lies after it is quick enough to be looked at.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from prodiguer.cli.demo.places import Identity
from prodiguer.cli.demo.voice import Voice, new_uid

HOUR: Final = 3600.0
#: Seconds that the platform leaves a late job, and into the demonstration when it has had them.
GRACE: Final = 300.0
LATE_AFTER: Final = 45.0
#: How a run ends in the demonstration: `SILENT` runs are killed with nobody left to say so.
COMPLETE: Final = "complete"
DIES: Final = "error"
SILENT: Final = "late"

SCRIPTS = (
    "create_ts",
    "create_se",
    "pack_output",
    "pack_restart",
    "rebuild",
    "monitoring",
    "atlas",
)
#: How often a command fails in a job; in a side job; and how often that dies.
FAILURES, SIDE_FAILURES, SIDE_DEATHS = 0.02, 0.08, 0.06


@dataclass(frozen=True, slots=True)
class Step:
    """Messages that a job says at one moment."""

    at: float
    messages: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a run goes.

    Attributes:
        jobs: compute jobs.
        periods: of a job.
        months: of a period.
        past: how many periods lie before the demonstration.
        end: `COMPLETE`, `DIES` or `SILENT`.
        ends_at: the period in which it dies or falls silent; the last one by default.
        begins: seconds after the beginning of the demonstration, of a run without a past; else how
            long ago its past ended.
        pace: seconds that a period lasts in the demonstration.
    """

    jobs: int
    periods: int
    months: int
    past: int
    end: str
    ends_at: int
    begins: float
    pace: float

    @property
    def length(self) -> int:
        """Periods in all."""
        return self.jobs * self.periods


@dataclass(slots=True)
class Run:
    """One simulated run: who it is, how it is to end, and all that it will say."""

    uid: str
    who: Identity
    end: str
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What its user calls it."""
        return self.who.name


def tell(chance: random.Random, who: Identity, shape: Shape) -> Run:
    """The run that is so shaped."""
    run = Run(new_uid(chance), who, shape.end)
    _Teller(chance, run, shape).tell()
    return run


class _Teller:
    """Goes through the jobs of a run with a clock that changes its pace at the present."""

    def __init__(self, chance: random.Random, run: Run, shape: Shape) -> None:
        self._chance, self._run, self._shape = chance, run, shape
        # One that falls silent is late while one looks on.
        self._delay = 2 * HOUR if shape.end == SILENT else 24 * HOUR
        self._voice = Voice(chance, run.uid, run.who, shape.months, shape.length, self._delay)
        self._now = 0.0 if shape.past else shape.begins
        self._job_began = self._now
        self._period = 0
        self._live = not shape.past

    def tell(self) -> None:
        for index in range(self._shape.jobs):
            if not self._job(index):
                break
        if not self._live:
            self._reach_the_present()

    def _job(self, index: int) -> bool:
        """One compute job; whether the run goes on."""
        job, self._job_began = new_uid(self._chance), self._now
        self._say([self._voice.begin_job(job) if index else self._voice.begin(job)])
        for number in range(1, self._shape.periods + 1):
            if self._period == self._shape.past and not self._live:
                self._reach_the_present()
            self._say(self._voice.period(job, number, self._period))
            if self._period == self._shape.ends_at and self._shape.end != COMPLETE:
                self._die(job)
                return False
            self._period += 1
            self._pass(1.0)
            if self._chance.random() < FAILURES:
                self._say([self._voice.failure("1900", job, self._period)])
        last = index == self._shape.jobs - 1
        # As libIGCM ends a run: with both, a moment apart.
        self._say(
            [self._voice.say(code, job) for code in (("0100", "1100") if last else ("1100",))]
        )
        self._after(index)
        self._wait()
        return True

    def _die(self, job: str) -> None:
        if self._shape.end == SILENT:
            return
        self._pass(0.5)
        self._say([self._voice.failure("1900", job, self._period)])
        self._pass(0.1)
        self._say([self._voice.say("1999", job)])

    def _after(self, index: int) -> None:
        """Some jobs are followed by others, which work on what they made."""
        if index % 3 == 2:
            for name in self._chance.sample(SCRIPTS, self._chance.randint(1, 2)):
                self._side_job("2", name)
        if index % 12 == 11:
            self._side_job("3", "check_output")

    def _side_job(self, family: str, name: str) -> None:
        job, start = new_uid(self._chance), self._now
        self._pass(self._chance.uniform(0.2, 0.6))
        self._say([self._voice.begin_side_job(family, job, name, self._period)])
        self._pass(self._chance.uniform(0.6, 2.0))
        if self._chance.random() < SIDE_FAILURES:
            self._say([self._voice.failure(f"{family}900", job, self._period)])
        end = "999" if self._chance.random() < SIDE_DEATHS else "100"
        self._say([self._voice.say(family + end, job)])
        self._now = start  # the run does not wait for it

    def _say(self, messages: list[dict[str, Any]]) -> None:
        self._run.steps.append(Step(self._now, messages))

    def _pass(self, periods: float) -> None:
        """Let the time pass in which so many periods are calculated."""
        length = self._shape.pace if self._live else 0.6 * HOUR
        self._now += periods * length * self._chance.uniform(0.7, 1.3)

    def _wait(self) -> None:
        """In the queue of the batch system."""
        if self._live:
            self._now += self._chance.uniform(1.0, 2.0 + self._shape.pace / 2)
        else:
            self._now += self._chance.uniform(0.1, 2.0) * HOUR

    def _reach_the_present(self) -> None:
        """What was told so far ends before the demonstration begins."""
        present = self._now + self._shape.begins
        if self._shape.end == SILENT:
            present = self._job_began + self._delay + GRACE - LATE_AFTER
        self._run.steps = [
            Step(_quickened(step.at - present), step.messages) for step in self._run.steps
        ]
        self._live, self._now = True, self._chance.uniform(0.2, self._shape.pace)


def _quickened(at: float) -> float:
    """A side job that outlasts the past ends while one looks on."""
    return at if at < 0 else at * 30 / HOUR
