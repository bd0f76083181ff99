"""Folding the archive again: the tables of projections are dropped and made from the log.

What the handlers say and ask for is dropped: it was said and done when the messages came. Their
inbox is filled as they go, so that a message that comes again later is a duplicate as before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from prodiguer.app import App, Context, Draft
from prodiguer.domain.message import Message
from prodiguer.errors import Drop, Refused, Retry
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import Store, Unit
from prodiguer.runner.bisect import Region, search
from prodiguer.runner.dispatch import PASSING, Dispatch, HandlerFailed, suspicion
from prodiguer.runner.queues import queue_of
from prodiguer.runner.units import Silent
from prodiguer.wire.topics import Router

log = logging.getLogger(__name__)


class Log(Protocol):
    """What rebuilding needs of the database beyond units."""

    def clear(self, app: str) -> None:
        """Empty the tables that this app's handlers fill, and its inbox."""
        ...

    def messages(self, batch: int) -> Iterator[Sequence[Message]]:
        """The whole archive in its order, so many messages at a time."""
        ...


@dataclass(slots=True)
class Rebuilt:
    """What came of it for one app."""

    app: str
    #: Messages that a handler took.
    handled: int = 0
    #: Messages that a handler fails on or refuses: they have a dead letter from when they came,
    #: or the handler was changed since. By message uid, with the reason.
    skipped: dict[str, str] = field(default_factory=dict)


def rebuild(
    store: Store,
    archive: Log,
    apps: Iterable[App],
    *,
    mode: str,
    clock: Clock,
    settings: Mapping[str, Mapping[str, Any]],
    batch: int = 500,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Rebuilt]:
    """Drop and refold the tables of every app that is a projection.

    The caller makes sure that no consumer runs and that the archive's queue is empty. At the end
    live views are told to load everything anew, by one event `reset`.

    Args:
        store: the database, for units.
        archive: the same, for the log and for emptying tables.
        apps: the installed ones; those that are no projections are left alone.
        mode: of the platform.
        clock: the time that handlers see.
        settings: of each app by its name.
        batch: messages in one transaction.
        progress: called with the number of messages of each batch that is done.

    Raises:
        Unavailable: the database went away: do it again from the start.
    """
    folds = [
        _Fold(app, store, mode, clock, settings.get(app.name, {})) for app in apps if app.projection
    ]
    for fold in folds:
        archive.clear(fold.app.name)
    for messages in archive.messages(batch):
        for fold in folds:
            fold.do(messages)
        progress(len(messages))
    with store.unit("rebuild") as unit:
        unit.events.add("reset", "")
    return [fold.result for fold in folds]


class _Fold:
    """One app's way through the archive."""

    def __init__(
        self, app: App, store: Store, mode: str, clock: Clock, settings: Mapping[str, Any]
    ) -> None:
        self.app = app
        self.result = Rebuilt(app.name)
        self._store = store
        self._clock = clock
        self._settings = settings
        self._router = Router((one.pattern, True) for one in queue_of(app, mode).bindings)
        self._dispatch = Dispatch(app, _unsaid, lambda: None)

    def do(self, messages: Sequence[Message]) -> None:
        mine = [message for message in messages if self._router.route(message.routing_key)]
        if not mine:
            return
        try:
            with self._store.unit(self.app.name) as unit:
                handled = self._group(unit, mine)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001  # then the message at fault is looked for
            handled = self._around(mine, error)
        self.result.handled += handled

    def _group(self, unit: Unit, messages: Sequence[Message]) -> int:
        fresh = unit.admit(messages).fresh
        context = Context(self.app.name, self._clock.now(), self._settings, Silent(unit))
        return len(fresh) - self._dispatch(fresh, context)

    def _around(self, messages: Sequence[Message], error: Exception) -> int:
        handled = 0
        skipped: dict[str, str] = {}
        with self._store.unit(self.app.name) as unit:

            def attempt(start: int, stop: int) -> Region | None:
                nonlocal handled
                try:
                    with unit.savepoint():
                        done = self._group(unit, messages[start:stop])
                except PASSING:
                    raise
                except Exception as failure:  # noqa: BLE001  # the search narrows it down
                    return suspicion(messages[start:stop], start, failure)
                handled += done
                return None

            def isolate(index: int) -> bool:
                nonlocal handled
                try:
                    with unit.savepoint():
                        handled += self._group(unit, messages[index : index + 1])
                except PASSING:
                    raise
                except Exception as failure:  # noqa: BLE001  # it is skipped and told
                    reason = _reason(failure)
                    if reason is None:
                        unit.admit(messages[index : index + 1])
                    else:
                        skipped[messages[index].uid] = reason
                    return True
                return False

            search(len(messages), suspicion(messages, 0, error), attempt, isolate)
        for uid, reason in skipped.items():
            self._tell(uid, reason)
        self.result.skipped |= skipped
        return handled

    def _tell(self, uid: str, reason: str) -> None:
        log.error(
            "a message of the archive is left out",
            extra={"action": "rebuild_skipped", "app": self.app.name}
            | {"message_uid": uid, "reason": reason},
        )


def _unsaid(draft: Draft, context: Context) -> None:
    """It was said when the message came."""


def _reason(failure: Exception) -> str | None:
    """Why a message is left out; None where its handler wants it to be without effect."""
    cause = failure.cause if isinstance(failure, HandlerFailed) else failure
    if isinstance(cause, Drop):
        return None
    if isinstance(cause, Refused):
        return cause.reason
    if isinstance(cause, Retry):
        return "put off by its handler, which rebuilding cannot wait for"
    return f"crash: {type(cause).__name__}"
