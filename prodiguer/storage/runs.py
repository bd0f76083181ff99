"""`ports.store.Runs` on a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.simulation import ComputeJob, Placing, Simulation, SimulationFacts, Try
from prodiguer.ports.store import JobKey
from prodiguer.storage import history, lateness
from prodiguer.storage import jobs as job_tables
from prodiguer.storage import simulations as run_tables
from prodiguer.storage.tail import Tail


class SqlRuns:
    """Simulations and their jobs, inside one transaction."""

    def __init__(self, connection: Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    def lock(self, simulations: Sequence[str]) -> Mapping[str, SimulationFacts]:
        return run_tables.lock(self._connection, simulations)

    def jobs(self, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]:
        return job_tables.load(self._connection, self._tail, keys)

    def compute_jobs(self, simulations: Sequence[str]) -> Mapping[str, Sequence[ComputeJob]]:
        return job_tables.compute(self._connection, simulations)

    def waiting_for_delay(self, simulations: Sequence[str]) -> Sequence[JobFacts]:
        return job_tables.waiting_for_delay(self._connection, simulations)

    def save_jobs(self, jobs: Sequence[Job]) -> None:
        job_tables.save(self._connection, self._tail, jobs)

    def save_simulations(
        self, simulations: Sequence[Simulation], *, messages: Mapping[str, int]
    ) -> None:
        run_tables.save(self._connection, self._tail, simulations, messages)

    def add_periods(self, periods: Sequence[Period]) -> None:
        history.add_periods(self._connection, periods)

    def add_failed_commands(self, commands: Sequence[FailedCommand]) -> None:
        history.add_failed_commands(self._connection, commands)

    def save_cards(self, cards: Sequence[ConfigCard]) -> None:
        history.save_cards(self._connection, cards)

    def tries(self, identities: Sequence[str]) -> Mapping[str, Sequence[Try]]:
        return run_tables.tries(self._connection, identities)

    def save_placings(self, placings: Sequence[Placing]) -> None:
        run_tables.save_placings(self._connection, self._tail, placings)

    def overdue(self, now: datetime, limit: int) -> Sequence[tuple[JobKey, datetime]]:
        return lateness.overdue(self._connection, now, limit)

    def note_late(self, jobs: Sequence[tuple[JobKey, datetime]]) -> None:
        lateness.note(self._connection, jobs)
