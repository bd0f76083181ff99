"""The event log as live views read it, and the tickets that let a browser in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

#: What events are about. Besides, `RESET` says that everything is to be loaded again.
EVENT_TYPES = ("simulation", "job", "period", "message", "mail", "dead-letter")
RESET = "reset"

#: Characters of a message's body above which it is not read: whoever wants it asks HTTP.
LARGEST = 256 * 1024


class Change(NamedTuple):
    """One row of the log: an object has changed, or is gone."""

    #: Its place in the order of commits; it only grows, and may leave gaps.
    seq: int
    at: datetime
    type: str
    uid: str
    #: The run that the object belongs to, or is.
    simulation: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the log.

    Args:
        first: the oldest number that the log still has; 0 where it is empty.
        end: every change up to this number is in ``changes``, as far as it was asked for.
        changes: in their order.
    """

    first: int
    end: int
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Run:
    """What filters look at: the run of an object, as it is when it is read."""

    #: Of `SIMULATION_FACETS`; its state as of the moment of reading.
    words: Mapping[str, str | None]
    name: str | None
    active: bool
    last_message_at: datetime
    #: It is deleted.
    gone: bool


class Seen(NamedTuple):
    """What became of an object that has changed."""

    #: As HTTP gives it; None where it is gone or larger than `LARGEST`.
    view: Mapping[str, Any] | None
    #: None where the object belongs to no run, or the run is not known.
    run: Run | None


class EventLog(Protocol):
    """The numbered log of changes. Every method may raise `Unavailable`."""

    def bounds(self) -> tuple[int, int]:
        """The oldest and the newest number; zeros where there was never any."""
        ...

    def head(self) -> int:
        """The newest number: cheap enough to be asked forty times a second."""
        ...

    def after(
        self,
        seq: int,
        limit: int,
        types: Sequence[str] | None = None,
        simulation: str | None = None,
    ) -> Stretch:
        """The changes behind a number, at most ``limit``; with a `RESET` among any types."""
        ...

    def look(self, changes: Sequence[Change], now: datetime) -> list[Seen]:
        """Each object as it is now; all of them in one snapshot. At most some hundred at once."""
        ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """Opens a live connection once. Its text is shown when it is made, and its SHA-256 kept."""

    digest: str
    #: The token that it stands for; None where no token was asked for.
    token_id: str | None
    expires_at: datetime


class Tickets(Protocol):
    """The tickets of a platform: one that is made by a process is good in any other."""

    def put(self, ticket: Ticket, now: datetime) -> None:
        """Keep it, and forget those that have expired."""
        ...

    def take(self, digest: str, now: datetime) -> Ticket | None:
        """The ticket, which is then used; None for one that is unknown, used or expired."""
        ...
