"""A batch of messages in one transaction: all at once, or around those that break it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from prodiguer import faults
from prodiguer.app import Context
from prodiguer.domain.message import Message
from prodiguer.errors import Drop, Refused, Retry
from prodiguer.ports.store import DeadLetter, Store
from prodiguer.ports.transport import Delivery
from prodiguer.runner import dead_letters
from prodiguer.runner.at_work import AtWork
from prodiguer.runner.bisect import Region, search
from prodiguer.runner.dispatch import PASSING, Dispatch, HandlerFailed, suspicion
from prodiguer.runner.stopping import Stopped
from prodiguer.runner.units import Noticing

log = logging.getLogger(__name__)

#: How often a message that fails alone is tried before it is a dead letter.
TRIES = 3


class Item(NamedTuple):
    """A delivery and the message that it carries."""

    delivery: Delivery
    message: Message


@dataclass(slots=True)
class Outcome:
    """What became of a batch; true once it is committed."""

    handled: int = 0
    duplicates: int = 0
    ignored: int = 0
    dropped: int = 0
    errors: int = 0
    rounds: int = 0
    dead_letters: int = 0
    #: Messages to be tried again, each with the seconds to wait.
    postponed: list[tuple[Item, float]] = field(default_factory=list)
    #: There are messages to publish, side effects to carry out.
    publications: bool = False
    effects: bool = False


class Batches:
    """Does batches of one app.

    Args:
        app: its name.
        settings: its section of the configuration.
        now: the time.
    """

    def __init__(
        self,
        app: str,
        store: Store,
        dispatch: Dispatch,
        settings: Mapping[str, Any],
        now: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._store = store
        self._dispatch = dispatch
        self._settings = settings
        self._now = now

    def do(
        self,
        items: Sequence[Item],
        refused: Sequence[DeadLetter] = (),
        care: AtWork | None = None,
    ) -> Outcome:
        """Commit a batch.

        Args:
            items: the messages, in the order of arrival.
            refused: dead letters of what could not even be decoded.
            care: one message at a time, each named here while its handler is at it.

        Raises:
            Unavailable, Halt, Stopped: all of it is undone.
        """
        try:
            with self._store.unit(self._app) as unit:
                work = _Work(self._app, Noticing(unit), self._dispatch, self._settings, self._now())
                if care is None:
                    work.group(items, nullcontext())
                else:
                    work.one_by_one(items, care)
                return work.close(refused)
        except (*PASSING, Stopped):
            raise
        except Exception as error:  # noqa: BLE001  # what broke it is looked for below
            first = error
        with self._store.unit(self._app) as unit:
            work = _Work(self._app, Noticing(unit), self._dispatch, self._settings, self._now())
            work.around(items, first)
            return work.close(refused)


class _Work:
    """One open transaction and what was done in it so far."""

    def __init__(
        self,
        app: str,
        unit: Noticing,
        dispatch: Dispatch,
        settings: Mapping[str, Any],
        now: datetime,
    ) -> None:
        self._app = app
        self._unit = unit
        self._dispatch = dispatch
        self._context = Context(app, now, settings, unit)
        self._now = now
        self._dead: list[DeadLetter] = []
        self.outcome = Outcome()

    def group(self, items: Sequence[Item], undoable: AbstractContextManager[None]) -> None:
        """Do all of these, or raise and leave it to ``undoable`` to undo them."""
        if not items:
            return
        with undoable:
            admission = self._unit.admit([item.message for item in items])
            dead = 0
            if admission.conflicts:
                dead = self._unit.add_dead_letters(self._conflicts(items, admission.conflicts))
            ignored = self._dispatch(admission.fresh, self._context) if admission.fresh else 0
        self.outcome.dead_letters += dead
        self.outcome.duplicates += admission.duplicates
        self.outcome.ignored += ignored
        self.outcome.handled += len(admission.fresh) - ignored

    def one_by_one(self, items: Sequence[Item], care: AtWork) -> None:
        """Do each of these by itself, naming it: one of them may be the death of the process."""
        for item in items:
            with care.on(item.delivery):
                self._alone(item)

    def around(self, items: Sequence[Item], error: Exception) -> None:
        """Do all of these but for those that break the batch, knowing how it broke before."""

        def attempt(start: int, stop: int) -> Region | None:
            self.outcome.rounds += 1
            group = items[start:stop]
            try:
                self.group(group, self._unit.savepoint())
            except (*PASSING, Stopped):
                raise
            except Exception as failure:  # noqa: BLE001  # the search narrows it down
                return suspicion([item.message for item in group], start, failure)
            return None

        if items:
            known = suspicion([item.message for item in items], 0, error)
            search(len(items), known, attempt, lambda index: self._alone(items[index]))

    def close(self, refused: Sequence[DeadLetter]) -> Outcome:
        """The last things before commit."""
        if dead := [*refused, *self._dead]:
            self.outcome.dead_letters += self._unit.add_dead_letters(dead)
        self.outcome.publications = self._unit.publications
        self.outcome.effects = self._unit.effects
        faults.point("runner.handled")
        return self.outcome

    def _alone(self, item: Item) -> bool:
        """Decide the fate of one message; whether it could not be done."""
        last: BaseException | None = None
        for _ in range(TRIES):
            self.outcome.rounds += 1
            try:
                self.group([item], self._unit.savepoint())
            except (*PASSING, Stopped):
                raise
            except Exception as failure:  # noqa: BLE001  # a verdict, or it is tried again
                last = failure.cause if isinstance(failure, HandlerFailed) else failure
                if self._verdict(item, last):
                    return True
            else:
                return False
        if last is not None:
            self._crash(item, last)
        return True

    def _verdict(self, item: Item, cause: BaseException) -> bool:
        """Whether it was said what is to become of the message."""
        if isinstance(cause, Refused):
            self._dead.append(dead_letters.refused(*item, self._app, cause, self._now))
        elif isinstance(cause, Retry):
            self.outcome.postponed.append((item, cause.after))
        elif isinstance(cause, Drop):
            self._unit.admit([item.message])
            self.outcome.dropped += 1
        else:
            return False
        return True

    def _crash(self, item: Item, error: BaseException) -> None:
        letter = dead_letters.refused(*item, self._app, Refused.crash(error), self._now)
        self.outcome.errors += 1
        self._dead.append(letter)
        log.warning(
            "a handler fails on a message, which is now a dead letter",
            extra={
                "action": "message_crashed",
                "app": self._app,
                "message_uid": item.message.uid,
                "code": item.message.code,
                "dead_letter": letter.id,
                "error": repr(error),
            },
        )

    def _conflicts(self, items: Sequence[Item], conflicts: Sequence[Message]) -> list[DeadLetter]:
        deliveries = {(m.uid, m.digest): delivery for delivery, m in items}
        return [
            dead_letters.conflicting(deliveries[message.uid, message.digest], message, self._now)
            for message in conflicts
        ]
