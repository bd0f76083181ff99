"""What one simulated run says from its first job to its last, and when.

Times are seconds from the beginning of the demonstration. What lies before it lasts as long as it
does on a real machine, hours and days; what lies after it is quick enough to be looked at.
"""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from prodiguer.cli.demo import dates
from prodiguer.cli.demo.card import card
from prodiguer.cli.demo.places import Identity

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
COMMANDS = (
    "IGCM_sys_Put_Out", "IGCM_sys_Mv", "IGCM_sys_RshMaster", "IGCM_sys_Rebuild", "IGCM_sys_Qsub",
)  # fmt: skip
ACTIONS = ("IGCM_sys_Put_Out", "IGCM_sys_Get", "IGCM_sys_Cp", "IGCM_sys_PutBuffer_Out")


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
    run = Run(_uuid(chance), who, shape.end)
    _Teller(chance, run, shape).tell()
    return run


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


class _Teller:
    """Goes through the jobs of a run with a clock that changes its pace at the present."""

    def __init__(self, chance: random.Random, run: Run, shape: Shape) -> None:
        self._chance, self._run, self._shape, self._year = chance, run, shape, run.who.year
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
        job, self._job_began = _uuid(self._chance), self._now
        self._say([self._opening(job, index)])
        for number in range(1, self._shape.periods + 1):
            if self._period == self._shape.past and not self._live:
                self._reach_the_present()
            self._say([self._period_of(job, number), *self._transfers(job)])
            if self._period == self._shape.ends_at and self._shape.end != COMPLETE:
                self._die(job)
                return False
            self._period += 1
            self._pass(1.0)
            if self._chance.random() < 0.02:
                self._say([self._message("1900", job, command=self._chance.choice(COMMANDS))])
        last = index == self._shape.jobs - 1
        # As libIGCM ends a run: with both, a moment apart.
        self._say([self._message(code, job) for code in (("0100", "1100") if last else ("1100",))])
        self._after(index)
        self._wait()
        return True

    def _die(self, job: str) -> None:
        if self._shape.end == SILENT:
            return
        self._pass(0.5)
        self._say([self._message("1900", job, command=self._chance.choice(COMMANDS))])
        self._pass(0.1)
        self._say([self._message("1999", job)])

    def _after(self, index: int) -> None:
        """Some jobs are followed by others, which work on what they made."""
        if index % 3 == 2:
            for name in self._chance.sample(SCRIPTS, self._chance.randint(1, 2)):
                self._side_job("2", name)
        if index % 12 == 11:
            self._side_job("3", "check_output")

    def _side_job(self, family: str, name: str) -> None:
        job, start = _uuid(self._chance), self._now
        component, program = self._chance.choice(self._run.who.model.components)
        self._pass(self._chance.uniform(0.2, 0.6))
        opening = self._message(
            f"{family}000", job, **self._submission(), jobWarningDelay="7200",
            postProcessingName=name,
            postProcessingDate=dates.day(self._year, self._period * self._shape.months),
            postProcessingDimn=self._chance.choice(("2D", "3D")),
            postProcessingComp=component,
            postProcessingFile=f"{program}_histmth",
        )  # fmt: skip
        self._say([opening])
        self._pass(self._chance.uniform(0.6, 2.0))
        if self._chance.random() < 0.08:
            failed = self._message(f"{family}900", job, command=self._chance.choice(COMMANDS))
            self._say([failed])
        end = "999" if self._chance.random() < 0.06 else "100"
        self._say([self._message(family + end, job)])
        self._now = start  # the run does not wait for it

    def _opening(self, job: str, index: int) -> dict[str, Any]:
        delay = {"jobWarningDelay": str(int(self._delay))}
        if index:
            return self._message("1000", job, **self._submission(), **delay)
        who, shape = self._run.who, self._shape
        first = dates.iso(dates.day(self._year, 0))
        last = dates.iso(dates.last_day(self._year, shape.length * shape.months, self._calendar))
        length = f"{shape.months // 12}Y" if shape.months % 12 == 0 else f"{shape.months}M"
        text = card(who, first, last, length)
        place = f"IGCM_OUT/{who.model.name}/{who.space}/{who.experiment}/{who.name}"
        return self._message(
            "0000", job, activity="IPSL", name=who.name, experiment=who.experiment,
            space=who.space, model=who.model.name, startDate=first, endDate=last, login=who.login,
            centre=who.machine.centre, machine=who.machine.name,
            archivePath=f"{who.store}/{place}", storagePath=f"{who.work}/{place}",
            storageSmallPath=f"{who.work}/FIG/{who.name}",
            configuration=base64.b64encode(text.encode()).decode(),
            **self._submission(), **delay,
        )  # fmt: skip

    @property
    def _calendar(self) -> str:
        return self._run.who.model.calendar

    @property
    def _delay(self) -> float:
        """Seconds after which a job is late; one that falls silent does so while one looks on."""
        return 2 * HOUR if self._shape.end == SILENT else 24 * HOUR

    def _submission(self) -> dict[str, str]:
        who = self._run.who
        return {
            "accountingProject": who.project,
            "jobSchedulerID": str(self._chance.randrange(1_000_000, 9_999_999)),
            "jobSubmissionPath": f"{who.work}/modipsl/config/{who.model.name}/{who.name}",
        }

    def _period_of(self, job: str, number: int) -> dict[str, Any]:
        months = self._period * self._shape.months
        return self._message(
            "1001", job, CumulPeriod=str(number),
            PeriodDateBegin=dates.day(self._year, months),
            PeriodDateEnd=dates.last_day(self._year, months + self._shape.months, self._calendar),
        )  # fmt: skip

    def _transfers(self, job: str) -> list[dict[str, Any]]:
        who = self._run.who
        made = []
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            size, duration = self._chance.uniform(0.01, 900.0), self._chance.uniform(20.0, 9000.0)
            made.append(
                self._message(
                    "7000", job, actionName=self._chance.choice(ACTIONS), size_Mo=f"{size:.6f}",
                    duration_ms=f"{duration:.0f}", throughput_Mo_s=f"{size / duration * 1000:.6f}",
                    dirFrom=f"/scratch/{who.login}/RUN_DIR/{who.name}",
                    dirTo=f"{who.store}/IGCM_OUT/{who.model.name}/{who.name}",
                )
            )  # fmt: skip
        return made

    def _message(self, code: str, job: str, **fields: str) -> dict[str, Any]:
        ids = {"msgUID": _uuid(self._chance), "simuid": self._run.uid, "jobuid": job}
        return {"msgCode": code, **ids, **fields}

    def _say(self, messages: list[dict[str, Any]]) -> None:
        self._run.steps.append(Step(self._now, messages))

    def _pass(self, periods: float) -> None:
        """Let the time pass in which so many periods are calculated."""
        length = self._shape.pace if self._live else 0.6 * HOUR
        self._now += periods * length * self._chance.uniform(0.7, 1.3)

    def _wait(self) -> None:
        """In the queue of the batch system."""
        self._now += (
            self._chance.uniform(1.5, 8.0) if self._live else self._chance.uniform(0.1, 2) * HOUR
        )

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
