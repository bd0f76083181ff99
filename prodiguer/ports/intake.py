"""How messages come in over HTTP, and how dead letters go the same way again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from prodiguer.ports.store import DeadLetter


@dataclass(frozen=True, slots=True)
class DeadElement:
    """An element that became a dead letter: its place in the body (from 0) and why."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a body; `duplicates` is a lower bound and counted in `accepted` as well."""

    accepted: int
    duplicates: int
    dead: tuple[DeadElement, ...]


class Intake(Protocol):
    """The door for messages that are not mails."""

    def accept(self, body: BinaryIO, *, lines: bool, user: str, received_at: datetime) -> Outcome:
        """Return only when every element is durable, in the broker or as a dead letter.

        Args:
            body: one JSON object or an array of them.
            lines: the body has one object a line instead.
            user: the word of the routing key, from the door's account or the verified principal.
            received_at: when the body began to arrive.

        Raises:
            Refused: the body as a whole (``not-json``, ``not-object``): nothing of it is stored.
            Unavailable: some may not be stored: send all of it again.
        """
        ...

    def resend(self, letter: DeadLetter) -> None:
        """Send what a dead letter holds through its door again.

        Raises:
            Refused: it still cannot be understood.
            Unavailable: the broker or the database does not answer.
        """
        ...
