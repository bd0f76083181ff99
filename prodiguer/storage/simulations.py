"""Simulations: their facts, their rows, and their places among the tries of one identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import Placing, Simulation, SimulationFacts, Try
from prodiguer.storage.json_text import encode
from prodiguer.storage.portable import (
    Insert,
    Row,
    Rule,
    Write,
    as_list,
    lock_words,
    nothing,
    replacing,
    texts,
)
from prodiguer.storage.schema import jobs, simulation_facts, simulations
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import maybe_micros, maybe_moment, micros, moment, plain_micros

#: What indexes are on that hardly any message changes.
_STEADY = ("started_at", "identity", "announced_at")
#: What `save_placings` alone writes.
_PLACE = {"try_number", "tries", "active", "hidden"}
_COLUMNS = tuple(column.name for column in simulations.columns if column.name not in _PLACE)

_facts = msgspec.json.Decoder(SimulationFacts)

_steady = itemgetter(*(_COLUMNS.index(name) for name in _STEADY))


def _adding_messages(*kept: str) -> Rule:
    def rule(statement: Insert) -> Insert:
        news: dict[str, ColumnElement[Any]] = {
            name: statement.excluded[name] for name in _COLUMNS if name not in ("uid", *kept)
        }
        news["revision"] = simulations.c.revision + statement.excluded.revision
        return statement.on_conflict_do_update(index_elements=["uid"], set_=news)

    return rule


_save = Write(simulations, _COLUMNS, _adding_messages())
# SQLite writes anew each index on a column that a statement sets, be the value as it was.
_save_rest = Write(simulations, _COLUMNS, _adding_messages(*_STEADY))
_take_place = Write(simulation_facts, ["uid"], nothing)
_save_facts = Write(simulation_facts, ["uid", "facts"], replacing(["facts"], ["uid"]))


def lock(connection: Connection, runs: Sequence[str]) -> Mapping[str, SimulationFacts]:
    """See `Runs.lock`."""
    if not runs:
        return {}
    uids = sorted(set(runs))
    statement = select(simulation_facts).where(
        simulation_facts.c.uid.in_(texts(connection.dialect, "uids"))
    )
    if connection.dialect.name == "postgresql":
        # A row that does not exist cannot be locked; on SQLite there is one writer at a time.
        _take_place(connection, [(uid,) for uid in uids])
        statement = statement.order_by(simulation_facts.c.uid).with_for_update()
    found = connection.execute(statement, {"uids": as_list(uids)}).all()
    return {uid: _facts.decode(text) for uid, text in found if text is not None}


def save(
    connection: Connection, tail: Tail, given: Sequence[Simulation], messages: Mapping[str, int]
) -> None:
    """See `Runs.save_simulations`."""
    if not given:
        return
    ordered = sorted({run.uid: run for run in given}.items())
    uids = [uid for uid, _ in ordered]
    known = _known(connection, uids)
    for name in ("simulations", "simulations_all"):
        tail.totals[name] += len(uids) - len(known)
    moved: list[Row] = []
    rest: list[Row] = []
    for uid, run in ordered:
        row = _row(run, messages.get(uid, 0))
        (rest if known.get(uid) == _steady(row) else moved).append(row)
    _save(connection, moved)
    _save_rest(connection, rest)
    _save_facts(connection, [(uid, encode(run.facts)) for uid, run in ordered])


def _known(connection: Connection, uids: Sequence[str]) -> Mapping[str, Row]:
    """What is steady of those that have a row."""
    statement = select(simulations.c.uid, *(simulations.c[name] for name in _STEADY)).where(
        simulations.c.uid.in_(texts(connection.dialect, "uids"))
    )
    return {row[0]: row[1:] for row in connection.execute(statement, {"uids": as_list(uids)}).all()}


def tries(connection: Connection, identities: Sequence[str]) -> Mapping[str, Sequence[Try]]:
    """See `Runs.tries`."""
    found: dict[str, list[Try]] = {identity: [] for identity in sorted(set(identities))}
    if found:
        lock_words(connection, found)
        statement = (
            select(
                simulations.c.identity,
                simulations.c.uid,
                simulations.c.announced_at,
                simulations.c.announced_uid,
                simulations.c.deleted_at,
            )
            .where(simulations.c.identity.in_(texts(connection.dialect, "identities")))
            .order_by(simulations.c.identity, simulations.c.announced_at, simulations.c.uid)
        )
        for identity, uid, at, message, deleted in connection.execute(
            statement, {"identities": as_list(found)}
        ):
            found[identity].append(Try(uid, Stamp(moment(at), message), maybe_moment(deleted)))
    return found


def save_placings(connection: Connection, tail: Tail, placings: Sequence[Placing]) -> None:
    """See `Runs.save_placings`. Most change nothing, and then nothing is written."""
    if not placings:
        return
    wanted = {p.uid: (p.number, p.of, p.active, p.hidden) for p in placings}
    s = simulations.c
    found = connection.execute(
        select(s.uid, s.try_number, s.tries, s.active, s.hidden).where(
            s.uid.in_(texts(connection.dialect, "uids"))
        ),
        {"uids": as_list(sorted(wanted))},
    ).all()
    before = {uid: (number, of, bool(a), bool(h)) for uid, number, of, a, h in found}
    changed = [uid for uid in sorted(before) if before[uid] != wanted[uid]]
    if not changed:
        return
    connection.execute(
        simulations.update()
        .where(simulations.c.uid == bindparam("run"))
        .values(
            try_number=bindparam("number"),
            tries=bindparam("of"),
            active=bindparam("is_active"),
            hidden=bindparam("is_hidden"),
        ),
        [
            dict(
                zip(("run", "number", "of", "is_active", "is_hidden"), (u, *wanted[u]), strict=True)
            )
            for u in changed
        ],
    )
    tail.totals.update(_visible(wanted[uid] for uid in changed))
    tail.totals.subtract(_visible(before[uid] for uid in changed))
    _count_jobs(
        connection, tail, {u: wanted[u][3] for u in changed if before[u][3] != wanted[u][3]}
    )


def _visible(places: Iterable[tuple[int, int, bool, bool]]) -> Counter[str]:
    """How much these add to the totals."""
    shown = [active for _, _, active, hidden in places if not hidden]
    return Counter(simulations_all=len(shown), simulations=sum(shown))


def _count_jobs(connection: Connection, tail: Tail, hidden: Mapping[str, bool]) -> None:
    """The jobs of runs that were hidden or shown go out of the total or come back to it."""
    if not hidden:
        return
    counts = connection.execute(
        select(jobs.c.simulation_uid, func.count())
        .where(jobs.c.simulation_uid.in_(texts(connection.dialect, "runs")))
        .group_by(jobs.c.simulation_uid),
        {"runs": as_list(sorted(hidden))},
    )
    for run, count in counts:
        tail.totals["jobs"] += -count if hidden[run] else count


def _row(run: Simulation, messages: int) -> Row:
    announced = run.announced
    return (
        run.uid,
        run.state,
        None if run.late_at is None else plain_micros(run.late_at),
        run.progress,
        run.name,
        run.activity,
        run.centre,
        run.machine,
        run.login,
        run.experiment,
        run.model,
        run.space,
        run.accounting_project,
        run.output_start,
        run.output_end,
        run.archive_path,
        run.storage_path,
        run.storage_small_path,
        run.submission_path,
        run.scheduler_id,
        maybe_micros(run.started_at),
        maybe_micros(run.ended_at),
        micros(run.last_message_at),
        run.identity,
        None if announced is None else micros(announced.time),
        None if announced is None else announced.uid,
        maybe_micros(run.deleted_at),
        encode(run.flags) if run.flags else "[]",
        messages,
    )
