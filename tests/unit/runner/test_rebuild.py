"""Folding the archive again gives the same tables, and nobody is told twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from prodiguer import App, Context, Drop, FileTransferred, Message, Refused, Retry
from prodiguer.domain.metrics import Transfer
from prodiguer.runner import Rebuilt, Runner, queue_of, rebuild
from prodiguer.storage import rebuild as log
from prodiguer.testing import Harness, message
from prodiguer.wire.catalog import Catalog
from prodiguer_archive import app as archive
from prodiguer_metrics import app as metrics


class Archive:
    """The log of a harness's database."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def clear(self, app: str) -> None:
        log.clear(self._store, [app])

    def messages(self, batch: int) -> Iterator[Sequence[Message]]:
        types = {type_.TYPE.code: type_ for type_ in Catalog()}
        return log.messages(self._store, types, batch)


def both(harness: Harness, app: App, messages: Sequence[Message]) -> None:
    """The archive and another app take the same messages."""
    harness.transport.declare([queue_of(app, "prod")])
    harness.publish(*messages)
    harness.run_until_idle()
    other = Runner(app, harness.transport, harness.store, Catalog(), harness.clock, {}, "prod")
    while other.step(0.0):
        pass
    other.close()


def again(harness: Harness, *apps: App, batch: int = 7) -> list[Rebuilt]:
    return rebuild(
        harness.store,
        Archive(harness.store),
        apps,
        mode="prod",
        clock=harness.clock,
        settings={},
        batch=batch,
    )


def rows(harness: Harness, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(harness.data / "prodiguer.db")) as database:
        return sorted(database.execute(f"select * from {table}").fetchall())


def test_the_tables_are_equal_and_a_later_repeat_is_a_duplicate() -> None:
    with Harness(archive) as harness:
        sent = [message("7000", size_Mo=str(size)) for size in range(40)]
        both(harness, metrics, [*sent, message("1999"), message("4242")])
        before = rows(harness, "transfers")
        assert len(before) == 40
        results = again(harness, archive, metrics)
        assert rows(harness, "transfers") == before
        assert [(result.app, result.handled, result.skipped) for result in results] == [
            ("metrics", 40, {})
        ]
        harness.publish(*sent[:3])
        other = Runner(
            metrics, harness.transport, harness.store, Catalog(), harness.clock, {}, "prod"
        )
        while other.step(0.0):
            pass
        assert (other.statistics.handled, other.statistics.duplicates) == (0, 3)
        other.close()
        assert rows(harness, "transfers") == before


def telling() -> App:
    app = App("metrics", projection=True)

    @app.on_batch(FileTransferred)
    def keep(messages: Sequence[Message], context: Context) -> None:
        for one in messages:
            word = one.get("actionName")
            if word == "poison":
                raise ZeroDivisionError
            if word == "refuse":
                raise Refused("bad-field", "actionName")
            if word == "drop":
                raise Drop
            if word == "retry":
                raise Retry
            context.events.add("transfer", one.uid)
            context.effect(one.uid, {})
            context.transfers.add(
                [
                    Transfer(
                        message_uid=one.uid,
                        simulation_uid=one.simulation_uid or "",
                        job_uid=one.job_uid or "",
                        at=one.time,
                        action=word or "",
                        size_mo=None,
                        duration_ms=None,
                        throughput_mo_s=None,
                        dir_from=None,
                        dir_to=None,
                    )
                ]
            )

    return app


def test_nobody_is_told_again_but_that_all_is_new() -> None:
    with Harness(archive) as harness:
        both(harness, telling(), [message("7000") for _ in range(10)])
        events, outbox = rows(harness, "events"), rows(harness, "outbox")
        again(harness, telling())
        (new,) = (row for row in rows(harness, "events") if row not in events)
        assert "reset" in new
        assert rows(harness, "outbox") == outbox


def test_what_a_handler_cannot_take_is_left_out_and_named() -> None:
    words = ["", "poison", "", "drop", "refuse", "retry", "", ""]
    with Harness(archive) as harness:
        sent = [message("7000", actionName=word or "copy") for word in words]
        harness.publish(*sent)
        harness.run_until_idle()
        (result,) = again(harness, telling())
        assert result.handled == 4
        assert result.skipped == {
            sent[1].uid: "crash: ZeroDivisionError",
            sent[4].uid: "bad-field: actionName",
            sent[5].uid: "put off by its handler, which rebuilding cannot wait for",
        }
        assert len(rows(harness, "transfers")) == 4
