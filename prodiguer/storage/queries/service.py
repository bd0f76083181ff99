"""The port `Queries` on a database: each question in a snapshot of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import URL, Engine

from prodiguer.domain.message import Message
from prodiguer.domain.messages import BUILT_IN
from prodiguer.ports.live import EventLog
from prodiguer.ports.queries import (
    DeadLetterFilter,
    DeadLetterView,
    FacetValue,
    JobFilter,
    JobView,
    MailView,
    MessageFilter,
    MessageView,
    Page,
    Paging,
    PeriodView,
    SimulationDetail,
    SimulationFilter,
    SimulationView,
    TimelineEntry,
    TransferFilter,
    TransferView,
)
from prodiguer.storage.queries import (
    counts,
    dead_letters,
    facets,
    jobs,
    mails,
    messages,
    periods,
    simulation_detail,
    simulations,
    timeline,
    transfers,
)
from prodiguer.storage.queries.live import SqlEventLog
from prodiguer.storage.queries.names import Names, names_of
from prodiguer.storage.queries.reading import Reader, open_reader


def open_queries(
    where: Engine | URL | str, *, types: Iterable[type[Message]] = BUILT_IN
) -> SqlQueries:
    """The reads of a database; opens nothing yet. Close it in the end.

    Args:
        where: its URL (`sqlite:///PATH` or `postgresql://…`) or an engine of it.
        types: the message types whose names are shown.
    """
    return SqlQueries(open_reader(where), names_of(types))


class SqlQueries:
    """`prodiguer.ports.queries.Queries`; any number of threads may ask at once."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self._reader = reader
        self._names = names
        #: What live views are told.
        self.log: EventLog = SqlEventLog(reader, names)

    def simulations(
        self, which: SimulationFilter, paging: Paging, now: datetime
    ) -> Page[SimulationView]:
        with self._reader.snapshot() as connection:
            return simulations.page(connection, which, paging, now)

    def facets(self, which: SimulationFilter, now: datetime) -> Mapping[str, list[FacetValue]]:
        with self._reader.snapshot() as connection:
            return facets.facets(connection, which, now)

    def simulation(self, uid: str, now: datetime) -> SimulationDetail | None:
        with self._reader.snapshot() as connection:
            return simulation_detail.detail(connection, uid, now)

    def visible(self, uid: str) -> bool:
        with self._reader.snapshot() as connection:
            return simulation_detail.is_visible(connection, uid)

    def jobs(self, which: JobFilter, paging: Paging, now: datetime) -> Page[JobView]:
        with self._reader.snapshot() as connection:
            return jobs.page(connection, which, paging, now)

    def job(self, uid: str, now: datetime) -> JobView | None:
        with self._reader.snapshot() as connection:
            return jobs.job(connection, uid, now)

    def periods(self, simulation: str, paging: Paging) -> Page[PeriodView]:
        with self._reader.snapshot() as connection:
            return periods.page(connection, simulation, paging)

    def timeline(self, simulation: str, paging: Paging) -> Page[TimelineEntry]:
        with self._reader.snapshot() as connection:
            return timeline.page(connection, simulation, paging, self._names)

    def messages(self, which: MessageFilter, paging: Paging) -> Page[MessageView]:
        with self._reader.snapshot() as connection:
            return messages.page(connection, which, paging, self._names)

    def message(self, uid: str) -> MessageView | None:
        with self._reader.snapshot() as connection:
            return messages.message(connection, uid, self._names)

    def known_messages(self, uids: Sequence[str]) -> set[str]:
        with self._reader.snapshot() as connection:
            return messages.known(connection, uids)

    def mails(self, paging: Paging) -> Page[MailView]:
        with self._reader.snapshot() as connection:
            return mails.page(connection, paging)

    def mail(self, id: str) -> MailView | None:
        with self._reader.snapshot() as connection:
            return mails.mail(connection, id)

    def dead_letters(self, which: DeadLetterFilter, paging: Paging) -> Page[DeadLetterView]:
        with self._reader.snapshot() as connection:
            return dead_letters.page(connection, which, paging)

    def dead_letter(self, id: str) -> DeadLetterView | None:
        with self._reader.snapshot() as connection:
            return dead_letters.dead_letter(connection, id)

    def transfers(self, which: TransferFilter, paging: Paging) -> Page[TransferView]:
        with self._reader.snapshot() as connection:
            return transfers.page(connection, which, paging)

    def counts(self) -> Mapping[str, int]:
        with self._reader.snapshot() as connection:
            return counts.all_counts(connection)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
