"""Messages that kill the process: found by counting, though nobody is left to tell.

A delivery that comes again may have been the death of the process before. So each redelivered one
is counted in a small transaction before it is touched, and the count is taken back with the
commit of its batch. What was counted twice has been in the company of a death twice: from then
on it goes alone, marked as such in a transaction before. What was marked before and comes again
died alone: it is the killer, and its neighbours are innocent, whatever their counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from prodiguer.ports.store import Store
from prodiguer.ports.transport import Delivery

#: Counted so often, a message goes alone.
ALONE_FROM = 2
_NAMESPACE = uuid.UUID("0f4bb8a0-6a3f-5c5b-8f0e-5b9d6a1b7c11")


@dataclass(slots=True)
class Part:
    """Deliveries that go into one transaction, and the marks to take off when it is committed."""

    deliveries: list[Delivery]
    marks: list[str] = field(default_factory=list)
    alone: bool = False


class Suspects:
    """Counts for one app, in one process.

    Args:
        app: its name.
    """

    def __init__(self, store: Store, app: str) -> None:
        self._store = store
        self._app = app
        #: Counted by this process, which is alive: coming again to it proves nothing.
        self._counted: set[str] = set()

    def sort(self, deliveries: Sequence[Delivery]) -> list[Part]:
        """The parts of a batch: those that may go together, then each suspect by itself.

        Raises:
            Unavailable: the counts cannot be written, so nothing may be touched.
        """
        again = [delivery for delivery in deliveries if delivery.redelivered]
        if not again:
            return [Part(list(deliveries))]
        counts = self._count([_mark(delivery) for delivery in again])
        together = Part([])
        alone = []
        for delivery in deliveries:
            mark = _mark(delivery) if delivery.redelivered else ""
            if counts.get(mark, 0) >= ALONE_FROM:
                alone.append(Part([delivery], [mark, _alone(mark)], alone=True))
            else:
                together.deliveries.append(delivery)
                together.marks += [mark] if mark in counts else []
        return [*([together] if together.deliveries else []), *alone]

    def is_killer(self, part: Part) -> bool:
        """Whether it died alone before; else it is marked and may be tried now."""
        mark = part.marks[1]
        if mark in self._counted:
            return False
        with self._store.unit(self._app) as unit:
            tries = unit.suspect([mark])[mark]
        self._counted.add(mark)
        return tries > 1

    def cleared(self, part: Part) -> None:
        """It is committed."""
        self._counted.difference_update(part.marks)

    def forgive(self) -> None:
        """The process ends in peace: what it counted and did not finish is no suspect for it."""
        if self._counted:
            with self._store.unit(self._app) as unit:
                unit.clear_suspects(sorted(self._counted))
            self._counted.clear()

    def _count(self, marks: Sequence[str]) -> dict[str, int]:
        fresh = sorted(set(marks) - self._counted)
        if not fresh:
            return dict.fromkeys(marks, 1)
        with self._store.unit(self._app) as unit:
            counts = dict(unit.suspect(fresh))
        self._counted.update(fresh)
        return dict.fromkeys(marks, 1) | counts


def _mark(delivery: Delivery) -> str:
    """Of what is delivered, decodable or not."""
    name = delivery.properties.message_id or delivery.body.hex()
    return str(uuid.uuid5(_NAMESPACE, name.encode("utf-8", "backslashreplace").decode()))


def _alone(mark: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"alone {mark}"))
