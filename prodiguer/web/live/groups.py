"""Clients that want the same: their frames are made once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from prodiguer.web.live.client import Client
from prodiguer.web.live.composing import Step, compose
from prodiguer.web.live.filters import STATS, Filter
from prodiguer.web.live.told import Told

#: Steps kept at once: each may be a quarter of a megabyte.
_REMEMBERED = 8


@dataclass(slots=True, eq=False)
class Group:
    """All clients of one filter.

    Args:
        which: the filter.
        coalesce: of each object the newest event alone.
    """

    which: Filter
    coalesce: bool
    #: Clients of it, those that are behind too.
    members: int = 0
    #: Those that have been told everything.
    current: set[Client] = field(default_factory=set)
    #: The next step from a position, for those that are behind together.
    _steps: dict[int, Step | None] = field(default_factory=dict)

    @property
    def wants_stats(self) -> bool:
        """They asked for figures of the platform."""
        return STATS in self.which.types

    def lacks(self, events: Sequence[Told]) -> bool:
        """Some of these were not read, since nobody wanted them when they came."""
        return any(
            event.data is None and self.which.may_pass(event.change.type, event.change.simulation)
            for event in events
        )

    def steps(self, events: Sequence[Told]) -> list[Step]:
        """What all current clients are to be sent."""
        self.forget_steps()
        if not self.current:
            return []
        return list(compose(events, self.which, coalesce=self.coalesce))

    def forget_steps(self) -> None:
        """More has happened: the next step from a position may be another."""
        self._steps.clear()

    def step(self, position: int, events: Sequence[Told]) -> Step | None:
        """The next frame for a client that has reached a position; None where there is none.

        Args:
            position: that it has reached.
            events: all that followed.
        """
        if position not in self._steps:
            if len(self._steps) >= _REMEMBERED:
                self._steps.clear()
            steps = compose(events, self.which, coalesce=self.coalesce)
            self._steps[position] = next(steps, None)
        return self._steps[position]
