"""The facts of a run: what one message states, and how two statements are joined.

`join` is associative, commutative and idempotent, as that of a job's facts is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from prodiguer.domain import calendars, card, lifecycle, words
from prodiguer.domain.job import Told
from prodiguer.domain.job_facts import DELAY, earliest, latest
from prodiguer.domain.lateness import valid_delay
from prodiguer.domain.message import Message, Stamp
from prodiguer.domain.simulation import ModelDate, SimulationFacts

#: The wire names of what a 0000 says of its run.
DESCRIPTIVE = (
    "name",
    "centre",
    "machine",
    "login",
    "model",
    "space",
    "experiment",
    "startDate",
    "endDate",
    "activity",
    "accountingProject",
    "jobSchedulerID",
    "jobSubmissionPath",
    "archivePath",
    "storagePath",
    "storageSmallPath",
    DELAY,
)

Dates = Mapping[str, ModelDate]


def of(message: Message) -> SimulationFacts | None:
    """What a message says of its run; None where it does not move one."""
    if not lifecycle.concerns_run(message):
        return None
    code, stamp, uid = message.code, message.stamp, message.simulation_uid or ""
    if code == lifecycle.RUN_START:
        return _announcement(message, uid, stamp)
    if code == lifecycle.PERIOD:
        return _period(message, uid, stamp)
    return SimulationFacts(
        uid=uid,
        anchor=stamp,
        resumed=stamp if code == lifecycle.COMPUTE_START else None,
        deleted_at=stamp.time if code == lifecycle.RUN_DELETION else None,
        last=stamp.time,
    )


def join(a: SimulationFacts, b: SimulationFacts) -> SimulationFacts:
    """All that both say of the same run."""
    return SimulationFacts(
        uid=a.uid,
        anchor=min(a.anchor, b.anchor),
        announced=earliest(a.announced, b.announced),
        resumed=earliest(a.resumed, b.resumed),
        words=words.join(a.words, b.words),
        calendar=earliest(a.calendar, b.calendar),
        period_ends=_furthest(a.period_ends, b.period_ends),
        needs_360d=a.needs_360d or b.needs_360d,
        deleted_at=latest(a.deleted_at, b.deleted_at),
        last=max(a.last, b.last),
    )


def run_delay(facts: SimulationFacts | None) -> int | None:
    """The jobWarningDelay, in seconds, that jobs started by a 1000 inherit."""
    given = words.value(facts.words, DELAY) if facts else None
    return valid_delay(given) if given else None


def _announcement(message: Message, uid: str, stamp: Stamp) -> SimulationFacts:
    spoken = dict(words.spoken(message, stamp, DESCRIPTIVE))
    if DELAY in spoken and valid_delay(spoken[DELAY].value) is None:
        del spoken[DELAY]
    return SimulationFacts(
        uid=uid,
        anchor=stamp,
        announced=stamp,
        words=spoken,
        calendar=_calendar(message, stamp),
        needs_360d=any(_needs_360d(message.get(field)) for field in ("startDate", "endDate")),
        last=stamp.time,
    )


def _period(message: Message, uid: str, stamp: Stamp) -> SimulationFacts:
    begin, end = message.get("PeriodDateBegin"), message.get("PeriodDateEnd")
    return SimulationFacts(
        uid=uid,
        anchor=stamp,
        period_ends=_by_calendar(end),
        needs_360d=_needs_360d(begin) or _needs_360d(end),
        last=stamp.time,
    )


def _calendar(message: Message, stamp: Stamp) -> Told | None:
    configuration = message.get("configuration")
    text = card.decode(configuration) if configuration else None
    name = card.calendar_type(text) if text else None
    return Told(stamp.time, stamp.uid, name) if name else None


@lru_cache(maxsize=4096)
def _needs_360d(text: str | None) -> bool:
    date = calendars.parse(text) if text else None
    return date is not None and calendars.needs_360d(date)


# Months and years come again in every run of an experiment.
@lru_cache(maxsize=4096)
def _by_calendar(text: str | None) -> Dates:
    """The date, once for each calendar that has it."""
    date = calendars.parse(text) if text else None
    if date is None:
        return {}
    return {name: date for name in calendars.CALENDARS if calendars.exists(date, name)}


def _furthest(a: Dates, b: Dates) -> Dates:
    if not a or not b:
        return a or b
    return {**a, **{name: max(date, a.get(name, date)) for name, date in b.items()}}
