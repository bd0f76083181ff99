"""Which events a client gets: what it asked for, held against an object's run as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prodiguer.ports.live import EVENT_TYPES, RESET, Run
from prodiguer.ports.queries import SIMULATION_FACETS, Span
from prodiguer.web.live.names import matches

#: What a client can ask for besides events.
STATS = "stats"

#: Of a run these may change: one that is deleted passes whatever they ask for, or the client
#: that shows it would never hear of its end.
_CHANGING = ("state",)


@dataclass(frozen=True, slots=True)
class Filter:
    """Two clients with equal filters share their frames."""

    types: frozenset[str] = frozenset(EVENT_TYPES)
    simulation: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    q: str | None = None
    active: bool = False
    since: datetime | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Filter:
        """The one that the parameters of a request ask for."""
        since = query.get("since_activity")
        words = {name: query[name] for name in SIMULATION_FACETS if name in query}
        return cls(
            types=frozenset(query.get("type", EVENT_TYPES)),
            simulation=query.get("simulation"),
            words=tuple(sorted(words.items())),
            q=query.get("q"),
            active=query.get("tries") == "active",
            # To the minute: clients that ask for the same span share their frames.
            since=since.begin.replace(second=0, microsecond=0)
            if isinstance(since, Span)
            else since,
        )

    @property
    def asks_runs(self) -> bool:
        """More than the uid of a run is asked about."""
        return bool(self.words or self.q or self.active or self.since)

    def passes(self, type_: str, simulation: str | None, run: Run | None) -> bool:
        """Whether an event is for this client.

        Args:
            type_: of the event.
            simulation: the run that the object belongs to.
            run: what is known of it.
        """
        if type_ == RESET:
            return True
        if not self.may_pass(type_, simulation):
            return False
        return not self.asks_runs or (run is not None and self._holds(run))

    def may_pass(self, type_: str, simulation: str | None) -> bool:
        """Whether an event can be for this client, as far as is told without its run."""
        return type_ in self.types and self.simulation in (None, simulation)

    def _holds(self, run: Run) -> bool:
        if self.q and not matches(run.name, self.q):
            return False
        if run.gone:
            return all(run.words[n] == word for n, word in self.words if n not in _CHANGING)
        if self.active and not run.active:
            return False
        if self.since and run.last_message_at < self.since:
            return False
        return all(run.words[name] == word for name, word in self.words)


class Interest:
    """What all clients together want to be read: nobody waits for what nobody wants."""

    def __init__(self, filters: Iterable[Filter]) -> None:
        #: By type the runs; None: of any run, and of none.
        self._wanted: dict[str, set[str] | None] = {RESET: None}
        for which in filters:
            for type_ in which.types:
                self._add(type_, which.simulation)

    def covers(self, type_: str, simulation: str | None) -> bool:
        """Somebody may want it."""
        runs = self._wanted.get(type_, set())
        return runs is None or simulation in runs

    def _add(self, type_: str, simulation: str | None) -> None:
        runs = self._wanted.setdefault(type_, set())
        if simulation is None:
            self._wanted[type_] = None
        elif runs is not None:
            runs.add(simulation)
