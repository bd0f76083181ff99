"""The messages of one simulated run, each as libIGCM writes it, whenever it is said."""

from __future__ import annotations

import base64
import random
import uuid
from typing import Any

from prodiguer.cli.demo import dates
from prodiguer.cli.demo.card import card
from prodiguer.cli.demo.places import Identity

COMMANDS = (
    "IGCM_sys_Put_Out", "IGCM_sys_Mv", "IGCM_sys_RshMaster", "IGCM_sys_Rebuild", "IGCM_sys_Cp",
)  # fmt: skip
ACTIONS = ("IGCM_sys_Put_Out", "IGCM_sys_Get", "IGCM_sys_Cp", "IGCM_sys_PutBuffer_Out")

Message = dict[str, Any]


def new_uid(chance: random.Random) -> str:
    """An id that follows from the seed."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


class Voice:
    """What one run says.

    Args:
        chance: decides what nobody has decided.
        run: its uid.
        who: it is.
        months: of a period.
        periods: of the whole run.
        delay: seconds after which its compute jobs are late.
    """

    def __init__(
        self,
        chance: random.Random,
        run: str,
        who: Identity,
        months: int,
        periods: int,
        delay: float,
    ) -> None:
        self._chance, self._run, self._who = chance, run, who
        self._months, self._periods = months, periods
        self._delay = {"jobWarningDelay": str(int(delay))}

    def say(self, code: str, job: str, **fields: str) -> Message:
        """A message of no more than these fields."""
        ids = {"msgUID": new_uid(self._chance), "simuid": self._run, "jobuid": job}
        return {"msgCode": code, **ids, **fields}

    def begin(self, job: str) -> Message:
        """The run begins, and with it its first job."""
        who, months = self._who, self._months
        first = dates.iso(dates.day(who.year, 0))
        last = dates.iso(dates.last_day(who.year, self._periods * months, who.model.calendar))
        length = f"{months // 12}Y" if months % 12 == 0 else f"{months}M"
        place = f"IGCM_OUT/{who.model.name}/{who.space}/{who.experiment}/{who.name}"
        return self.say(
            "0000", job, activity="IPSL", name=who.name, experiment=who.experiment,
            space=who.space, model=who.model.name, startDate=first, endDate=last, login=who.login,
            centre=who.machine.centre, machine=who.machine.name,
            archivePath=f"{who.store}/{place}", storagePath=f"{who.work}/{place}",
            storageSmallPath=f"{who.work}/FIG/{who.name}",
            configuration=base64.b64encode(card(who, first, last, length).encode()).decode(),
            **self._submission(), **self._delay,
        )  # fmt: skip

    def begin_job(self, job: str) -> Message:
        """A next job begins."""
        return self.say("1000", job, **self._submission(), **self._delay)

    def begin_side_job(self, family: str, job: str, name: str, period: int) -> Message:
        """A job begins that works on what others made: family 2 post-processing, 3 checker."""
        component, program = self._chance.choice(self._who.model.components)
        return self.say(
            f"{family}000", job, **self._submission(), jobWarningDelay="7200",
            postProcessingName=name,
            postProcessingDate=dates.day(self._who.year, period * self._months),
            postProcessingDimn=self._chance.choice(("2D", "3D")),
            postProcessingComp=component,
            postProcessingFile=f"{program}_histmth",
        )  # fmt: skip

    def period(self, job: str, number: int, period: int) -> list[Message]:
        """A period begins, the so-manieth of its job and of the run; files are moved for it."""
        who, months = self._who, period * self._months
        begun = self.say(
            "1001", job, CumulPeriod=str(number),
            PeriodDateBegin=dates.day(who.year, months),
            PeriodDateEnd=dates.last_day(who.year, months + self._months, who.model.calendar),
        )  # fmt: skip
        return [begun, *(self._transfer(job) for _ in range(self._chance.choice((0, 0, 1, 1))))]

    def failure(self, code: str, job: str, period: int) -> Message:
        """A command failed."""
        _, program = self._chance.choice(self._who.model.components)
        day = dates.day(self._who.year, period * self._months)
        file = f"{self._who.name}_{day}_1M_{program}_histmth.nc"
        return self.say(code, job, command=f"{self._chance.choice(COMMANDS)} {file}")

    def _transfer(self, job: str) -> Message:
        who = self._who
        size, duration = self._chance.uniform(0.01, 900.0), self._chance.uniform(20.0, 9000.0)
        return self.say(
            "7000", job, actionName=self._chance.choice(ACTIONS), size_Mo=f"{size:.6f}",
            duration_ms=f"{duration:.0f}", throughput_Mo_s=f"{size / duration * 1000:.6f}",
            dirFrom=f"/scratch/{who.login}/RUN_DIR/{who.name}",
            dirTo=f"{who.store}/IGCM_OUT/{who.model.name}/{who.name}",
        )  # fmt: skip

    def _submission(self) -> dict[str, str]:
        who = self._who
        return {
            "accountingProject": who.project,
            "jobSchedulerID": str(self._chance.randrange(1_000_000, 9_999_999)),
            "jobSubmissionPath": f"{who.work}/modipsl/config/{who.model.name}/{who.name}",
        }
