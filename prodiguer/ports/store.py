"""The database as the writers see it: one unit of work, and what can be done inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.message import Message
from prodiguer.domain.metrics import Transfer
from prodiguer.domain.simulation import ComputeJob, Placing, Simulation, SimulationFacts, Try

JobKey = tuple[str, str]
"""(simulation uid, job uid): a scheduler may use a job uid again in another run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An input that could not be processed, kept byte for byte. The same id twice is one."""

    id: str
    at: datetime
    #: ``code`` or ``code: where``.
    reason: str
    #: A sentence for a reader; a traceback where a handler crashed.
    detail: str = ""
    #: ``door``, ``decode``, ``handle`` or ``route``.
    stage: str
    #: ``smtp``, ``http``, ``amqp`` …
    door: str
    mail: str | None = None
    #: Line of the mail's text (from 1), index of the HTTP element (from 0), number of the part.
    position: int | None = None
    code: str | None = None
    bytes: bytes
    #: How `bytes` are to be read when sent again: ``line`` (base64 of JSON), ``element`` (JSON),
    #: ``mail`` (a whole mail), ``part`` (an attachment), ``delivery`` (an AMQP body).
    form: str
    #: What the decoder needs besides the bytes: the mail's date, the routing key, AMQP headers …
    context: Mapping[str, Any] = field(default_factory=dict)
    #: The app that could not handle it; None at a door.
    app: str | None = None
    message_uid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecord:
    """What one mail carried."""

    id: str
    at: datetime
    door: str
    sender: str | None
    size: int
    sent_at: datetime | None
    #: Messages by received code.
    messages: Mapping[str, int]
    repairs: int
    dead: int
    #: When all its messages were published.
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """What the inbox says of a batch."""

    #: To be handled, in the order given, each once; `received_at` is that of the first arrival.
    fresh: tuple[Message, ...]
    #: Seen before by this app with the same content, or twice in the batch.
    duplicates: int
    #: Same id as an earlier message, other content.
    conflicts: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """Something to do after commit: a message to publish or a side effect of an app."""

    id: int
    app: str
    #: ``publish`` or ``effect``.
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int


class Archive(Protocol):
    """The log of all messages: the source of every other table."""

    def add(self, messages: Sequence[Message]) -> None: ...


class Runs(Protocol):
    """Simulations and their jobs. Keys are sorted by the implementation before every write."""

    def lock(self, simulations: Sequence[str]) -> Mapping[str, SimulationFacts]:
        """The facts known of each, its row locked until commit (a new one's place too)."""
        ...

    def jobs(self, keys: Sequence[JobKey]) -> Mapping[JobKey, JobFacts]: ...

    def compute_jobs(self, simulations: Sequence[str]) -> Mapping[str, Sequence[ComputeJob]]:
        """Of each simulation, those compute jobs that can decide its state.

        The last by (position, uid), the last two that started and the last two that ended by
        0100 (two, since a job that ended by 0100 does not count against itself); in any order.
        """
        ...

    def waiting_for_delay(self, simulations: Sequence[str]) -> Sequence[JobFacts]:
        """Compute jobs started by 1000 without a delay of their own: their run's 0000 gives it."""
        ...

    def save_jobs(self, jobs: Sequence[Job]) -> None: ...

    def save_simulations(
        self, simulations: Sequence[Simulation], *, messages: Mapping[str, int]
    ) -> None:
        """``messages``: how many messages of each are new; its revision grows by that."""
        ...

    def add_periods(self, periods: Sequence[Period]) -> None: ...

    def add_failed_commands(self, commands: Sequence[FailedCommand]) -> None: ...

    def save_cards(self, cards: Sequence[ConfigCard]) -> None:
        """Of each simulation the card with the smallest (at, message_uid) stays."""
        ...

    def tries(self, identities: Sequence[str]) -> Mapping[str, Sequence[Try]]:
        """All tries of each identity, those saved in this unit too, deleted ones too.

        Where several writers are possible, the identities are locked until commit: two runs of one
        identity that are announced at once must not both be numbered 1 of 1.
        """
        ...

    def save_placings(self, placings: Sequence[Placing]) -> None: ...

    def overdue(self, now: datetime, limit: int) -> Sequence[tuple[JobKey, datetime]]:
        """Running jobs of active, visible runs whose `late_at` is past and not yet noted."""
        ...

    def note_late(self, jobs: Sequence[tuple[JobKey, datetime]]) -> None: ...


class Transfers(Protocol):
    """File transfers, as the metrics app keeps them."""

    def add(self, transfers: Sequence[Transfer]) -> None: ...


class Values(Protocol):
    """A small store of JSON values that belongs to one app: for what needs no table of its own."""

    def get(self, key: str) -> Any | None: ...

    def put(self, key: str, value: Any) -> None: ...

    def delete(self, key: str) -> None: ...

    def items(self, prefix: str = "") -> Sequence[tuple[str, Any]]: ...


class Events(Protocol):
    """The numbered log of what changed, for live views."""

    def add(self, type: str, uid: str, *, simulation_uid: str | None = None) -> None: ...


class Unit(Protocol):
    """One write transaction of one app. Leaving it commits; an exception undoes all of it."""

    archive: Archive
    runs: Runs
    transfers: Transfers
    values: Values
    events: Events

    def savepoint(self) -> AbstractContextManager[None]:
        """What is done inside is undone alone when it raises."""
        ...

    def admit(self, messages: Sequence[Message]) -> Admission:
        """Note in this app's inbox that it handles these; say which are new to it.

        The id and the content that came first, to whichever app, are the ones that count.
        """
        ...

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> int:
        """How many of them were not yet known. Each new one raises an event."""
        ...

    def put_publication(self, key: str, payload: Mapping[str, Any]) -> None:
        """A message to publish after commit; the same key of the same app is put once."""
        ...

    def put_effect(self, key: str, payload: Mapping[str, Any]) -> None:
        """A side effect to carry out after commit; the same key of an app is put once, ever."""
        ...

    def add_mail(self, mail: MailRecord) -> None:
        """Note a mail; the same id again counts one more receipt and changes nothing else."""
        ...


class Outbox(Protocol):
    """What waits to be done after commit. Each method is a transaction of its own."""

    def claim(
        self, app: str, now: datetime, limit: int, kind: str | None = None
    ) -> Sequence[OutboxItem]:
        """Due items, leased for a minute so that two processes of one app do not do one twice.

        With ``kind`` those of one kind alone: side effects may be slow, publications are not.
        """
        ...

    def done(self, ids: Sequence[int], now: datetime) -> None: ...

    def failed(self, id: int, error: str, due: datetime) -> None: ...


class DeadLetterBox(Protocol):
    """Dead letters as an operator handles them. Each method is a transaction of its own."""

    def get(self, id: str) -> DeadLetter | None: ...

    def mark_resent(self, id: str, now: datetime) -> None:
        """It was sent again, beginning at ``now``; one that has died once more since stays open."""
        ...

    def drop(self, id: str) -> bool:
        """False where there is none."""
        ...


class Store(Protocol):
    """A database, reached by a URL."""

    outbox: Outbox
    dead_letters: DeadLetterBox

    def unit(self, app: str) -> AbstractContextManager[Unit]:
        """Begin a write transaction for an app (or a door).

        Raises:
            Unavailable: the database does not answer, is locked, full or read-only.
        """
        ...

    def ping(self) -> None:
        """Return when the database answers.

        Raises:
            Unavailable: it does not.
        """
        ...

    def close(self) -> None: ...
