"""A simulated computing centre: runs that start, advance, fail and are tried again.

Everything follows from the seed, so that a demonstration can be repeated message by message.
"""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

CENTRES = (("TGCC", "irene"), ("TGCC", "curie"), ("IDRIS", "jean-zay"), ("IPSL", "spirit"))
MODELS = (("IPSLCM6", "CM6"), ("LMDZOR", "LMDZ"), ("ORCHIDEE", "OL2"), ("NEMO", "ORCA"))
EXPERIMENTS = ("piControl", "historical", "amip", "1pctCO2", "abrupt-4xCO2", "ssp585")
SPACES = ("PROD", "PROD", "TEST", "DEVT")
PROJECTS = ("gencmip6", "gen2212", "devcmip6")
LOGINS = ("amartin", "bdurand", "clegoff", "dnguyen", "erossi")
#: How many of the failed runs somebody submits again, once they have failed.
TRIED_AGAIN = 0.7
TOOLS = ("pack_output", "create_ts", "create_se", "monitoring", "atlas")
CARD = """[UserChoices]
JobName={name}
LongName="A simulated run"
TagName={model}
SpaceName={space}
ExperimentName={experiment}
CalendarType=noleap
DateBegin={first}-01-01
DateEnd={last}-12-31
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Messages that a job writes at one moment: one mail.

    ``after`` is in seconds since the run began, at the demonstration's normal speed.
    """

    after: float
    messages: Sequence[dict[str, Any]]


@dataclass(slots=True)
class Run:
    """One simulated run: who it is, and all that it will say."""

    uid: str
    name: str
    #: Seconds after the beginning of the demonstration.
    begins: float
    fails: bool
    steps: list[Step] = field(default_factory=list)


def plan(simulations: int, seed: int) -> Iterator[Run]:
    """The runs of a demonstration; one that fails may be followed by its next try."""
    chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
    made = 0
    while made < simulations:
        words = _identity(chance, made)
        begins = made * 1.5
        fails = chance.random() < 0.25
        run = _run(chance, words, begins, fails)
        yield run
        made += 1
        if fails and made < simulations and chance.random() < TRIED_AGAIN:
            again = begins + run.steps[-1].after + chance.uniform(5.0, 15.0)
            yield _run(chance, words, again, fails=False)
            made += 1


def _identity(chance: random.Random, number: int) -> dict[str, str]:
    centre, machine = chance.choice(CENTRES)
    model, short = chance.choice(MODELS)
    experiment = chance.choice(EXPERIMENTS)
    first = chance.choice((1850, 1950, 2000))
    return {
        "name": f"{short}.{experiment}.{number + 1:02d}",
        "centre": centre,
        "machine": machine,
        "login": chance.choice(LOGINS),
        "model": model,
        "experiment": experiment,
        "space": chance.choice(SPACES),
        "accountingProject": chance.choice(PROJECTS),
        "startDate": f"{first}-01-01",
        "endDate": f"{first + chance.randint(2, 7)}-12-31",
    }


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _run(chance: random.Random, words: dict[str, str], begins: float, fails: bool) -> Run:
    run = Run(_uuid(chance), words["name"], begins, fails)
    first, last = int(words["startDate"][:4]), int(words["endDate"][:4])
    years = range(first, last + 1)
    ends_at = chance.randrange(len(years)) if fails else len(years) - 1
    moment = 0.0
    for index, year in enumerate(years):
        moment = _job(chance, run, words, moment, index, year, final=index == len(years) - 1,
                      dies=fails and index == ends_at)  # fmt: skip
        if fails and index == ends_at:
            break
    return run


def _job(
    chance: random.Random,
    run: Run,
    words: dict[str, str],
    moment: float,
    index: int,
    year: int,
    *,
    final: bool,
    dies: bool,
) -> float:
    """One compute job: a year in quarters, its transfers and its post-processing."""
    job = _uuid(chance)

    def say(code: str, **more: str) -> dict[str, Any]:
        return {"msgCode": code, "msgUID": _uuid(chance), "simuid": run.uid, "jobuid": job, **more}

    start = {
        "jobWarningDelay": "7200",
        "jobSchedulerID": str(chance.randrange(1_000_000, 9_999_999)),
        "jobSubmissionPath": f"/work/{words['login']}/{run.name}",
    }
    opening = say("0000", **words, **start, **_card(words)) if index == 0 else say("1000", **start)
    run.steps.append(Step(moment, [opening]))
    for quarter in range(4):
        moment += chance.uniform(1.0, 3.0)
        run.steps.append(Step(moment, _quarter(chance, say, year, quarter)))
        if dies and quarter == 2:
            failed = say("1900", command="IGCM_sys_Put_Out")
            run.steps.append(Step(moment + 0.5, [failed, say("1999")]))
            return moment
    moment += 1.0
    closing = [say("0100"), say("1100")] if final else [say("1100")]
    run.steps.append(Step(moment, closing))
    run.steps.extend(_post_processing(chance, run, words, moment, year))
    return moment + chance.uniform(0.5, 2.0)


def _quarter(chance: random.Random, say: Any, year: int, quarter: int) -> list[dict[str, Any]]:
    month = 3 * quarter + 1
    last = {1: "0331", 4: "0630", 7: "0930", 10: "1231"}[month]
    period = say(
        "1001",
        CumulPeriod=str(quarter + 1),
        PeriodDateBegin=f"{year}{month:02d}01",
        PeriodDateEnd=f"{year}{last}",
    )
    return [period, *(_transfer(chance, say) for _ in range(chance.randint(1, 4)))]


def _transfer(chance: random.Random, say: Any) -> dict[str, Any]:
    size, duration = chance.uniform(0.01, 900.0), chance.uniform(20.0, 9000.0)
    message: dict[str, Any] = say(
        "7000",
        actionName=chance.choice(("IGCM_sys_Put_Out", "IGCM_sys_Get", "IGCM_sys_Cp")),
        size_Mo=f"{size:.6f}",
        duration_ms=f"{duration:.0f}",
        throughput_Mo_s=f"{size / duration * 1000:.6f}",
        dirFrom="/scratch/RUN_DIR",
        dirTo="/store/IGCM_OUT",
    )
    return message


def _post_processing(
    chance: random.Random, run: Run, words: dict[str, str], moment: float, year: int
) -> Iterator[Step]:
    for tool in chance.sample(TOOLS, 2):
        job, begin = _uuid(chance), moment + chance.uniform(1.0, 3.0)

        def say(code: str, job: str = job, **more: str) -> dict[str, Any]:
            ids = {"msgUID": _uuid(chance), "simuid": run.uid, "jobuid": job}
            return {"msgCode": code, **ids, **more}

        start = say(
            "2000",
            postProcessingName=tool,
            postProcessingDate=f"{year}1231",
            accountingProject=words["accountingProject"],
            jobWarningDelay="3600",
        )
        yield Step(begin, [start])
        end = "2999" if chance.random() < 0.1 else "2100"
        yield Step(begin + chance.uniform(2.0, 6.0), [say(end)])


def _card(words: dict[str, str]) -> dict[str, str]:
    text = CARD.format(
        name=words["name"],
        model=words["model"],
        space=words["space"],
        experiment=words["experiment"],
        first=words["startDate"][:4],
        last=words["endDate"][:4],
    )
    return {"configuration": base64.b64encode(text.encode()).decode()}
