"""The rows that single messages leave behind: periods, failed commands, config cards."""

from __future__ import annotations

import re

from prodiguer.domain import card, lifecycle
from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.message import Message

_NUMBER = re.compile(r"\s*([+-]?\d{1,15})\s*", re.ASCII)


def period(message: Message) -> Period | None:
    """The simulated period that a 1001 began; None for another message."""
    if message.code != lifecycle.PERIOD or not _of_job(message):
        return None
    return Period(
        message_uid=message.uid,
        simulation_uid=message.simulation_uid or "",
        job_uid=message.job_uid or "",
        at=message.time,
        number=_number(message.get("CumulPeriod")),
        begin=message.get("PeriodDateBegin") or "",
        end=message.get("PeriodDateEnd") or "",
    )


def failed_command(message: Message) -> FailedCommand | None:
    """The command that a 1900, 2900 or 3900 reports; None for another message."""
    if message.code not in lifecycle.COMMAND_FAILURES or not _of_job(message):
        return None
    return FailedCommand(
        message_uid=message.uid,
        simulation_uid=message.simulation_uid or "",
        job_uid=message.job_uid or "",
        at=message.time,
        command=message.get("command"),
    )


def config_card(message: Message) -> ConfigCard | None:
    """The config card of a 0000; None where it has none that can be read."""
    if message.code != lifecycle.RUN_START or message.simulation_uid is None:
        return None
    configuration = message.get("configuration")
    text = card.decode(configuration) if configuration else None
    if not text:
        return None
    return ConfigCard(
        simulation_uid=message.simulation_uid,
        at=message.time,
        message_uid=message.uid,
        text=text,
    )


def _of_job(message: Message) -> bool:
    return message.job_uid is not None and lifecycle.concerns_run(message)


def _number(text: str | None) -> int | None:
    """An empty CumulPeriod means 0; one that is no number is unknown."""
    if text is None:
        return 0
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None
