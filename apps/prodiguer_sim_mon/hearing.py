"""What a batch of messages says, joined for each run and each job before the database is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from prodiguer import Message
from prodiguer.domain import job_facts, records, simulation_facts
from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.job import JobFacts
from prodiguer.domain.simulation import SimulationFacts

JobKey = tuple[str, str]


@dataclass(slots=True)
class Heard:
    """The facts and the rows of one batch."""

    runs: dict[str, SimulationFacts] = field(default_factory=dict)
    jobs: dict[JobKey, JobFacts] = field(default_factory=dict)
    #: How many messages speak of each run.
    messages: Counter[str] = field(default_factory=Counter)
    periods: list[Period] = field(default_factory=list)
    commands: list[FailedCommand] = field(default_factory=list)
    cards: list[ConfigCard] = field(default_factory=list)


def hear(messages: Sequence[Message]) -> Heard:
    """Take in each message once."""
    heard = Heard()
    for message in messages:
        run = simulation_facts.of(message)
        if run is None:
            continue
        known = heard.runs.get(run.uid)
        heard.runs[run.uid] = simulation_facts.join(known, run) if known else run
        heard.messages[run.uid] += 1
        _hear_job(message, heard)
        _hear_rows(message, heard)
    return heard


def _hear_job(message: Message, heard: Heard) -> None:
    job = job_facts.of(message)
    if job is not None:
        key = (job.simulation_uid, job.uid)
        known = heard.jobs.get(key)
        heard.jobs[key] = job_facts.join(known, job) if known else job


def _hear_rows(message: Message, heard: Heard) -> None:
    if period := records.period(message):
        heard.periods.append(period)
    elif command := records.failed_command(message):
        heard.commands.append(command)
    elif card := records.config_card(message):
        heard.cards.append(card)
