"""Waiting until everything that was sent has arrived: as long as something moves, and no longer."""

from __future__ import annotations

import faulthandler
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prodiguer.cli.api import Api
from prodiguer.cli.demo.ways import Way
from prodiguer.errors import ProdiguerError, Unavailable

#: Seconds without any progress after which it is given up.
PATIENCE = 60.0
#: Seconds without any after which the process ends itself, having said where each thread stands.
LAST_RESORT = 240.0
#: Mails that are not taken, one after the other, until it is given up.
REFUSALS = 3
_STEP = 0.1


class Watch:
    """Ends a process that stands still, whatever it hangs on; a word of progress winds it up."""

    def wind(self) -> None:
        """Something moved."""
        faulthandler.dump_traceback_later(LAST_RESORT, exit=True, file=sys.__stderr__ or 2)


@contextmanager
def watch() -> Iterator[Watch]:
    """A watch that runs inside of the block."""
    running = Watch()
    running.wind()
    try:
        yield running
    finally:
        faulthandler.cancel_dump_traceback_later()


class Taken:
    """Whether the platform takes what is sent.

    Args:
        moved: called whenever it does.
    """

    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved, self._refusals = moved, 0

    def note(self, taken: bool) -> None:
        """Hear of one mail.

        Raises:
            Unavailable: it took none of the last few.
        """
        self._refusals = 0 if taken else self._refusals + 1
        if taken:
            self._moved()
        if self._refusals >= REFUSALS:
            raise Unavailable("the platform takes no messages; they wait in the spools of the demo")


def settle(api: Api, ways: Iterable[Way], moved: Callable[[], None]) -> None:
    """Return when nothing waits anywhere, neither at the centres nor in the platform.

    Raises:
        ProdiguerError: nothing has moved for `PATIENCE` seconds, or a part of the platform ended.
    """
    for way in ways:
        if not way.flush():
            raise Unavailable("messages still wait at a centre: the platform does not take them")
    least, deadline = None, time.monotonic() + PATIENCE
    while waiting := _waiting(api):
        if least is None or waiting < least:
            least, deadline = waiting, time.monotonic() + PATIENCE
            moved()
        if time.monotonic() > deadline:
            raise ProdiguerError(
                f"{waiting} messages still wait and none has moved for {PATIENCE:.0f} s:"
                " `prodiguer queues`"
            )
        time.sleep(_STEP)


def _waiting(api: Api) -> int:
    """How much waits in the platform, mails counted as one each.

    Raises:
        Unavailable: a door or an app has ended.
    """
    api.get("/ready")
    stats = api.get("/api/v1/stats")
    return int(stats["spool"]) + sum(int(q["ready"] + q["unacked"]) for q in stats["queues"])
