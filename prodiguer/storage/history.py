"""What a run leaves behind: periods, failed commands, its config card, transfers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, tuple_

from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.metrics import Transfer
from prodiguer.storage.portable import Insert, Row, Write, nothing
from prodiguer.storage.schema import config_cards, failed_commands, periods, transfers
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import micros

_CARD = ("simulation_uid", "at", "message_uid", "text")


def _smaller(statement: Insert) -> Insert:
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["simulation_uid"],
        set_={name: new[name] for name in _CARD[1:]},
        where=tuple_(new.at, new.message_uid)
        < tuple_(config_cards.c.at, config_cards.c.message_uid),
    )


_add_periods = Write(periods, [c.name for c in periods.columns], nothing)
_add_failed_commands = Write(failed_commands, [c.name for c in failed_commands.columns], nothing)
_save_cards = Write(config_cards, _CARD, _smaller)
_add_transfers = Write(transfers, [c.name for c in transfers.columns], nothing)


def add_periods(connection: Connection, given: Sequence[Period]) -> None:
    """See `Runs.add_periods`."""
    rows: dict[str, Row] = {
        p.message_uid: (
            p.message_uid,
            p.simulation_uid,
            p.job_uid,
            micros(p.at),
            p.number,
            p.begin,
            p.end,
        )
        for p in given
    }
    _add_periods(connection, _sorted(rows))


def add_failed_commands(connection: Connection, given: Sequence[FailedCommand]) -> None:
    """See `Runs.add_failed_commands`."""
    rows: dict[str, Row] = {
        c.message_uid: (c.message_uid, c.simulation_uid, c.job_uid, micros(c.at), c.command)
        for c in given
    }
    _add_failed_commands(connection, _sorted(rows))


def save_cards(connection: Connection, given: Sequence[ConfigCard]) -> None:
    """See `Runs.save_cards`."""
    rows: dict[str, Row] = {}
    # The smallest comes last and stays: one statement may not touch a row twice.
    for c in sorted(given, key=lambda c: (c.at, c.message_uid), reverse=True):
        rows[c.simulation_uid] = (c.simulation_uid, micros(c.at), c.message_uid, c.text)
    _save_cards(connection, _sorted(rows))


def add_transfers(connection: Connection, tail: Tail, given: Sequence[Transfer]) -> None:
    """See `Transfers.add`."""
    rows: dict[str, Row] = {
        t.message_uid: (
            t.message_uid,
            t.simulation_uid,
            t.job_uid,
            micros(t.at),
            t.action,
            t.size_mo,
            t.duration_ms,
            t.throughput_mo_s,
            t.dir_from,
            t.dir_to,
        )
        for t in given
    }
    tail.totals["transfers"] += _add_transfers(connection, _sorted(rows))


def _sorted(rows: dict[str, Row]) -> list[Row]:
    return [rows[key] for key in sorted(rows)]
