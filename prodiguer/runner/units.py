"""Units that stand before a store's unit: one that notices, one that keeps still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from prodiguer.domain.message import Message
from prodiguer.ports.store import Admission, DeadLetter, MailRecord, Unit


class Delegated:
    """A unit that does what another does.

    Args:
        unit: the other, whose transaction is open.
    """

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.archive = unit.archive
        self.runs = unit.runs
        self.transfers = unit.transfers
        self.values = unit.values
        self.events = unit.events

    def savepoint(self) -> AbstractContextManager[None]:
        return self._unit.savepoint()

    def admit(self, messages: Sequence[Message]) -> Admission:
        return self._unit.admit(messages)

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> int:
        return self._unit.add_dead_letters(letters)

    def put_publication(self, key: str, payload: Mapping[str, Any]) -> None:
        self._unit.put_publication(key, payload)

    def put_effect(self, key: str, payload: Mapping[str, Any]) -> None:
        self._unit.put_effect(key, payload)

    def add_mail(self, mail: MailRecord) -> None:
        self._unit.add_mail(mail)


class Noticing(Delegated):
    """Remembers whether there is something to do after commit, so that nobody asks in vain."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.publications = False
        self.effects = False

    def put_publication(self, key: str, payload: Mapping[str, Any]) -> None:
        self.publications = True
        super().put_publication(key, payload)

    def put_effect(self, key: str, payload: Mapping[str, Any]) -> None:
        self.effects = True
        super().put_effect(key, payload)


class _NoEvents:
    def add(self, type: str, uid: str, *, simulation_uid: str | None = None) -> None:
        """Nobody is told."""


class Silent(Delegated):
    """For folding the archive again: no event, no message, no side effect comes of it."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.events = _NoEvents()

    def put_publication(self, key: str, payload: Mapping[str, Any]) -> None:
        """It was said when the message came."""

    def put_effect(self, key: str, payload: Mapping[str, Any]) -> None:
        """It was done when the message came."""
