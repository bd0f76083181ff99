"""One message through its handler, and nothing remains of it.

This is what a message that may have killed a process is tried with, in another process: all that
a handler does goes through its unit, which is undone in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from prodiguer.app import App, Context
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import Store
from prodiguer.ports.transport import Delivery
from prodiguer.runner.decode import Decoder
from prodiguer.runner.dispatch import Dispatch
from prodiguer.runner.drafts import Drafts
from prodiguer.wire.catalog import Catalog


class Trial(Protocol):
    """Rehearses a message in a process of its own."""

    def __call__(self, delivery: Delivery, check: Callable[[], None]) -> bool:
        """Whether that process died of it; False when it did not or nobody can tell.

        Args:
            delivery: the suspect.
            check: called while it waits; raises to break off.
        """
        ...


def untried(delivery: Delivery, check: Callable[[], None]) -> bool:  # noqa: ARG001 - a `Trial`
    """Nobody can tell."""
    return False


class _Enough(Exception):
    """The handler has returned: undo what it did."""


def rehearse(
    app: App,
    store: Store,
    catalog: Catalog,
    clock: Clock,
    settings: Mapping[str, Any],
    mode: str,
    delivery: Delivery,
) -> None:
    """Decode and handle a delivery as a `Runner` with these arguments would, and undo it.

    Raises:
        Exception: whatever the handler or the database raises.
    """
    now = clock.now()
    items, _ = Decoder(app, catalog, mode)([delivery], now)
    dispatch = Dispatch(app, Drafts(app.name, mode, catalog).put, lambda: None)
    with suppress(_Enough), store.unit(app.name) as unit:
        fresh = unit.admit([item.message for item in items]).fresh
        dispatch(fresh, Context(app.name, now, settings, unit))
        raise _Enough
