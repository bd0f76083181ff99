"""Finding the messages that break a batch, in as few attempts as can be.

`search` works from left to right, so that what is committed keeps the order of arrival. It
knows of at most one region that must hold a poison, and halves it; when the poison is found, all
that is left of it is done and all that is right of it has not been tried. One poison among n
costs log2 n attempts, its tries alone and one attempt for the rest. Every further poison makes
the next attempt smaller, every success larger: a thousand poisons in a row cost a few attempts
each and no message is done over and over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Region(NamedTuple):
    """Messages from ``start`` up to ``stop``, one of which is a poison."""

    start: int
    stop: int


#: Does the messages from ``start`` up to ``stop`` or nothing; answers where a poison must be.
Attempt = Callable[[int, int], Region | None]
#: Decides the fate of one message; answers whether it was a poison.
Isolate = Callable[[int], bool]


def search(count: int, known: Region, attempt: Attempt, isolate: Isolate) -> None:
    """Do every message of a batch: the good ones in groups, the poisons by ``isolate``.

    Args:
        count: messages in the batch, all of them undone so far.
        known: where the first failure says that a poison must be.
        attempt: tries a group.
        isolate: does one message or finds out why it cannot be done.
    """
    at, stride, poisons = 0, count, 0
    bad: Region | None = known
    while at < count:
        stop = _next(at, bad, min(count, at + stride))
        if stop - at == 1:
            if isolate(at):
                poisons += 1
                bad, stride = None, max(1, count >> 2 * (poisons - 1))
                at = stop
                continue
        elif (found := attempt(at, stop)) is not None:
            bad = found
            continue
        at = stop
        if bad is None:
            stride *= 2
        elif at >= bad.stop:  # it went well this time: the failure was not of one message
            bad = None
        else:
            bad = Region(max(at, bad.start), bad.stop)


def _next(at: int, bad: Region | None, free: int) -> int:
    """Where the next attempt ends: before the bad region, in its middle, or as far as allowed."""
    if bad is None:
        return free
    if at < bad.start:
        return bad.start
    return at + max(1, (bad.stop - at) // 2)
