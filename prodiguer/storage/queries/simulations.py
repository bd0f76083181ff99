"""The list of runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from prodiguer.errors import Refused
from prodiguer.ports.queries import (
    SIMULATION_FACETS,
    SIMULATION_SORTS,
    STATES,
    Page,
    Paging,
    SimulationFilter,
    SimulationView,
)
from prodiguer.storage.json_text import decode_flags
from prodiguer.storage.queries import counts, glob
from prodiguer.storage.queries.filters import Conditions, since
from prodiguer.storage.queries.job_counts import ByKind, job_counts
from prodiguer.storage.queries.lateness import is_in_state, shown_state
from prodiguer.storage.queries.orders import Order, by_column, by_words, parse_sort
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_now, walk_of
from prodiguer.storage.schema import simulations
from prodiguer.storage.times import maybe_moment, moment, plain_micros

runs = simulations.c


def page(
    connection: Connection, which: SimulationFilter, paging: Paging, now: datetime
) -> Page[SimulationView]:
    """One page, with the states of ``now``."""
    walk = walk_of(
        "simulations",
        words=which.words,
        since=which.since,
        q=which.q,
        all_tries=which.all_tries,
        sort=which.sort,
    )
    began = walk_now(paging, walk, plain_micros(now))
    listing = Listing(
        arms=(select(runs.uid).where(*conditions(which, began)),),
        order=_order(which, began),
        walk=walk,
        total=_total(connection, which),
    )
    return fetch(connection, listing, paging, _views(connection, now), now=began)


def conditions(which: SimulationFilter, now: int, *, but: str | None = None) -> Conditions:
    """What a run must fulfil at a moment in µs, all words ``but`` one, as its facet does.

    Raises:
        Refused: a word that is no filter, or ``q``.
    """
    found: Conditions = [runs.hidden.is_(False)]
    if not which.all_tries:
        found.append(runs.active.is_(True))
    for name, word in which.words.items():
        if name not in SIMULATION_FACETS:
            raise Refused(name, detail=f"filters are {', '.join(SIMULATION_FACETS)}")
        if name == "state" != but:
            found.append(is_in_state(runs.state, runs.late_at, word, now))
        elif name != but:
            found.append(runs[name] == word)
    found += since(runs.last_message_at, which.since)
    if which.q:
        found.append(glob.matches(runs.name, which.q))
    return found


def view(row: AnyRow, jobs: ByKind, now: datetime) -> SimulationView:
    """A row of `simulations` as readers see it."""
    late_at = maybe_moment(row.late_at)
    return {
        "uid": row.uid,
        "name": row.name,
        "state": shown_state(row.state, late_at, now),
        "progress": row.progress,
        "activity": row.activity,
        "centre": row.centre,
        "machine": row.machine,
        "login": row.login,
        "experiment": row.experiment,
        "model": row.model,
        "space": row.space,
        "accounting_project": row.accounting_project,
        "output_start": row.output_start,
        "output_end": row.output_end,
        "started_at": maybe_moment(row.started_at),
        "ended_at": maybe_moment(row.ended_at),
        "late_at": late_at,
        "last_message_at": moment(row.last_message_at),
        "try": row.try_number,
        "tries": row.tries,
        "active": row.active,
        "jobs": jobs,
        "flags": list(decode_flags(row.flags)),
        "revision": row.revision,
    }


def _order(which: SimulationFilter, now: int) -> Order:
    field, descending = parse_sort(which.sort, SIMULATION_SORTS)
    if field != "state":
        column = runs.try_number if field == "try" else runs[field]
        return by_column(column, (runs.uid,), descending=descending)
    states = [which.words["state"]] if "state" in which.words else sorted(STATES)
    words = [is_in_state(runs.state, runs.late_at, state, now) for state in states]
    newest = by_column(runs.started_at, (runs.uid,), descending=True)
    return by_words(words, newest, descending=descending)


def _total(connection: Connection, which: SimulationFilter) -> int | None:
    if which.words or which.since or which.q:
        return None
    return counts.total(connection, "simulations_all" if which.all_tries else "simulations")


def _views(
    connection: Connection, now: datetime
) -> Callable[[Sequence[AnyRow]], list[SimulationView]]:
    def views(keys: Sequence[AnyRow]) -> list[SimulationView]:
        uids = [key.uid for key in keys]
        rows = connection.execute(select(simulations).where(runs.uid.in_(uids)))
        shown = {row.uid: row for row in rows}
        jobs = job_counts(connection, uids, plain_micros(now))
        return [view(shown[uid], jobs[uid], now) for uid in uids]

    return views
