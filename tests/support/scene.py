"""Runs of a computing centre to look at on the pages: as clients would tell of them, just now."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from live import Up

Element = dict[str, Any]

CARD = "[UserChoices]\nJobName=CM6-picontrol\nCalendarType=noleap\nDateBegin=1850-01-01\n"


def _new() -> str:
    return str(uuid4())


@dataclass
class Story:
    """A run, told message by message; each is a dict for `Up.post`, and kept in ``told``."""

    name: str
    uid: str = field(default_factory=_new)
    job: str = field(default_factory=_new)
    words: dict[str, str] = field(default_factory=dict)
    told: list[Element] = field(default_factory=list)

    def say(self, code: str, ago: float = 0, *, job: str | None = None, **body: str) -> Element:
        """A message of this run, ``ago`` seconds before now."""
        element = {
            "msgApplication": "monitoring",
            "msgCode": code,
            "msgProducer": "libigcm",
            "msgProducerVersion": "2.8.4",
            "msgTimestamp": (datetime.now(UTC) - timedelta(seconds=ago)).isoformat(),
            "msgUID": _new(),
            "simuid": self.uid,
            "jobuid": job or self.job,
            **body,
        }
        self.told.append(element)
        return element

    def begin(self, ago: float = 3600, **more: str) -> Element:
        """The announcement: ten years from 1850."""
        words = {
            "activity": "IPSL",
            "name": self.name,
            "experiment": "piControl",
            "space": "PROD",
            "model": "IPSLCM6",
            "login": "amartin",
            "centre": "TGCC",
            "machine": "irene",
            "accountingProject": "gencmip6",
            "startDate": "1850-01-01",
            "endDate": "1859-12-31",
            "jobWarningDelay": "86400",
            "configuration": base64.b64encode(CARD.encode()).decode(),
        }
        return self.say("0000", ago, **{**words, **self.words, **more})

    def period(self, number: int, ago: float = 0) -> Element:
        """The period of a year begins, the first has number 0."""
        year = 1850 + number
        dates = {"PeriodDateBegin": f"{year}-01-01", "PeriodDateEnd": f"{year}-12-31"}
        return self.say("1001", ago, CumulPeriod=str(number + 1), **dates)

    def post(self, ago: float = 0, *, ends: str = "2100", name: str = "create_ts") -> list[Element]:
        """A post-processing job that starts and ends so."""
        job = _new()
        words = {"postProcessingName": name, "postProcessingDate": "18591231"}
        return [
            self.say("2000", ago, job=job, jobWarningDelay="86400", **words),
            self.say(ends, max(ago - 60, 0), job=job),
        ]


def running() -> Story:
    """Half way, with a command that failed."""
    run = Story("CM6-picontrol")
    run.begin(7200)
    for number in range(5):
        run.period(number, 7000 - 600 * number)
    run.say("1900", 5000, command="cp -p ATM.nc /store/ATM.nc")
    run.post(3000)
    return run


def completed() -> Story:
    """To its end, long ago."""
    run = Story("AMIP-ended", words={"machine": "jean-zay", "centre": "IDRIS", "login": "bdurand"})
    run.begin(90_000)
    for number in range(10):
        run.period(number, 89_000 - 600 * number)
    run.post(60_000)
    run.say("0100", 50_000)
    return run


def failed() -> Story:
    """Died, and so did a post-processing job of it."""
    run = Story("ORCA-broken", words={"model": "NEMO", "experiment": "historical"})
    run.begin(20_000)
    run.period(0, 19_000)
    run.post(18_000, ends="2999")
    run.say("1999", 17_000)
    return run


def late() -> Story:
    """Its job said that it would take a minute, an hour ago."""
    run = Story("OL2-late", words={"model": "ORCHIDEE", "space": "TEST"})
    run.begin(3600, jobWarningDelay="60")
    return run


def play(up: Up, *stories: Story) -> None:
    """Send all that was told, and wait until it is stored."""
    up.post([element for story in stories for element in story.told])
    up.settle()


def spoil(up: Up) -> None:
    """Send what nobody can read: a dead letter."""
    up.post([{"msgCode": "0000", "simuid": "not a uid", "name": "broken at its source"}])
    up.settle()
