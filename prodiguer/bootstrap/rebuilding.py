"""`db rebuild`: joins the runner that refolds with the storage that keeps the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prodiguer.bootstrap.platform import Platform
from prodiguer.domain.message import Message
from prodiguer.errors import NotAllowed
from prodiguer.ports.transport import queue_name
from prodiguer.runner import rebuild
from prodiguer.storage.rebuild import clear, messages

ARCHIVE = "archive"
#: Who writes the mark that stands while a rebuild is not at its end, and how it is called.
_WRITER, _MARK = "rebuild", "unfinished"


class Archive:
    """The log of a platform, and the tables that are folded from it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def clear(self, app: str) -> None:
        """Empty the tables of an app, and its inbox."""
        clear(self._platform.store, [app])

    def messages(self, batch: int) -> Iterator[Sequence[Message]]:
        """All of it, so many at a time."""
        return messages(self._platform.store, self._platform.catalog.types, batch)


def rebuild_platform(platform: Platform, progress: Callable[[int], None]) -> int:
    """Drop and refold every projection; how many messages the log holds.

    Args:
        platform: nothing of it runs.
        progress: called with the number of messages of each batch.

    Raises:
        NotAllowed: consumers run, or the archive has not stored all that was accepted.
    """
    # The roles are held to the end: nothing starts in between.
    platform.roles.take(platform.apps)
    _check_archive(platform)
    total = 0

    def count(messages: int) -> None:
        nonlocal total
        total += messages
        progress(messages)

    _mark(platform, unfinished=True)
    rebuild(
        platform.store,
        Archive(platform),
        platform.apps.values(),
        mode=platform.settings.mode,
        clock=platform.clock,
        settings=platform.settings.apps,
        progress=count,
    )
    _mark(platform, unfinished=False)
    return total


def check_finished(platform: Platform) -> None:
    """Return when no rebuild was broken off.

    Raises:
        NotAllowed: one was: the state is half of what the archive tells.
    """
    with platform.store.unit(_WRITER) as unit:
        unfinished = unit.values.get(_MARK)
    if unfinished:
        raise NotAllowed("a rebuild was broken off: run `prodiguer db rebuild` to its end first")


def _mark(platform: Platform, *, unfinished: bool) -> None:
    with platform.store.unit(_WRITER) as unit:
        if unfinished:
            unit.values.put(_MARK, True)
        else:
            unit.values.delete(_MARK)


def _check_archive(platform: Platform) -> None:
    name = queue_name(ARCHIVE, platform.settings.mode)
    for queue in platform.transport.status():
        waiting = queue.ready + queue.unacked
        if queue.name == name and waiting:
            raise NotAllowed(
                f"{waiting} messages wait in {name}: run `prodiguer run archive` until it is empty"
            )
