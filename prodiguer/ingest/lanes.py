"""Which mails of the inbox are dealt with next, so that a big one keeps no small one waiting.

Small mails go first, many at once. Bigger ones have a few places each, by size, and move on by one
window in each round: what waits for whom is at most a round of windows, some tenths of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

#: A mail up to this size is dealt with in one go.
SMALL = 256 * 1024
#: Small mails that share a window and a transaction.
TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Lane:
    """Places for mails up to a size."""

    largest: int
    places: int


LANES = (Lane(8 * 1024 * 1024, 4), Lane(2**63, 2))


class Schedule:
    """Remembers the sizes of the mails that wait, and which of them must go alone.

    Args:
        size_of: bytes of a mail by its name.
    """

    def __init__(self, size_of: Callable[[str], int]) -> None:
        self._size_of = size_of
        self._sizes: dict[str, int] = {}
        self._alone: set[str] = set()

    def look(self, pending: Sequence[str]) -> None:
        """These wait now, in the order of their arrival."""
        known = self._sizes
        self._sizes = {name: known.get(name) or self._size_of(name) for name in pending}
        self._alone.intersection_update(self._sizes)

    def separate(self, names: Collection[str]) -> None:
        """One of these breaks the others: from now on each goes alone."""
        self._alone.update(names)

    def small(self) -> list[str]:
        """The next mails for one go; empty where there is none."""
        chosen: list[str] = []
        for name, size in self._sizes.items():
            if size > SMALL:
                continue
            if name in self._alone:
                return chosen or [name]
            chosen.append(name)
            if len(chosen) == TOGETHER:
                break
        return chosen

    def big(self, open_now: Collection[str]) -> list[str]:
        """Mails that get a place now, besides those that have one."""
        chosen: list[str] = []
        smallest = SMALL
        for lane in LANES:
            inside = [name for name, size in self._sizes.items() if smallest < size <= lane.largest]
            free = lane.places - sum(name in open_now for name in inside)
            chosen += [name for name in inside if name not in open_now][: max(0, free)]
            smallest = lane.largest
        return chosen
