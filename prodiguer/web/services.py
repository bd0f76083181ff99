"""What the web server needs of the platform: filled in by whoever puts the platform together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from prodiguer.ports.clock import Clock, SystemClock
from prodiguer.ports.intake import Intake
from prodiguer.ports.live import EventLog, Tickets
from prodiguer.ports.queries import Queries
from prodiguer.ports.store import DeadLetterBox
from prodiguer.ports.tokens import Tokens
from prodiguer.ports.transport import QueueStatus


class Figures(TypedDict):
    """How fast the platform works, by name: messages a second, and seconds; and what it holds."""

    rates: dict[str, float]
    latency: dict[str, float | None]
    counts: dict[str, int]


def no_figures() -> Figures:
    """Of a process that measures nothing but its own requests."""
    return {"rates": {}, "latency": {}, "counts": {}}


def nothing_spooled() -> int:
    """Of a process without a spool."""
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The boxes behind the routes. All of them are called from several threads at once."""

    queries: Queries
    intake: Intake
    dead_letters: DeadLetterBox
    tokens: Tokens
    log: EventLog
    tickets: Tickets
    #: The queues of the broker; may raise `Unavailable`.
    queues: Callable[[], Sequence[QueueStatus]]
    #: Mails and bodies that are stored but not yet published.
    spooled: Callable[[], int] = nothing_spooled
    figures: Callable[[], Figures] = no_figures
    #: Of the platform.
    version: str = ""
    #: What `/ready` asks, by name; each raises to say that it is not ready.
    checks: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
