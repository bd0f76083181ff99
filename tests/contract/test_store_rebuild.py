"""Projections that are emptied, and the archive to fold again."""

from __future__ import annotations

from store_harness import SqliteHarness
from store_kit import NOON, OTHER_RUN, RUN, TYPES, after, job, letter, message, simulation, uid

from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.metrics import Transfer
from prodiguer.storage import rebuild


def fill(database: SqliteHarness) -> None:
    """Something in every table."""
    with database.store.unit("archive") as unit:
        unit.archive.add(unit.admit([message(1), message(2, "7000")]).fresh)
    with database.store.unit("sim-mon") as unit:
        unit.admit([message(1)])
        unit.runs.save_jobs([job(100), job(100, run=OTHER_RUN)])
        unit.runs.save_simulations([simulation(RUN), simulation(OTHER_RUN)], messages={})
        told = {"simulation_uid": RUN, "job_uid": uid(100), "at": NOON, "message_uid": uid(1)}
        unit.runs.add_periods([Period(**told, number=1, begin="18500101", end="18500131")])
        unit.runs.add_failed_commands([FailedCommand(**told, command="cp")])
        unit.runs.save_cards(
            [ConfigCard(simulation_uid=RUN, at=NOON, message_uid=uid(1), text="[UserChoices]")]
        )
        unit.runs.note_late([((RUN, uid(100)), after(1))])
        unit.events.add("simulation", RUN)
        unit.put_effect("mail", {})
        unit.values.put("key", 1)
        unit.add_dead_letters([letter()])
    with database.store.unit("metrics") as unit:
        unit.admit([message(2, "7000")])
        unit.transfers.add(
            [
                Transfer(
                    **told,
                    action="put",
                    size_mo=1.0,
                    duration_ms=1.0,
                    throughput_mo_s=1.0,
                    dir_from=None,
                    dir_to=None,
                )
            ]
        )


def test_clearing_an_app_empties_its_tables_and_no_others(database: SqliteHarness) -> None:
    fill(database)

    rebuild.clear(database.store, ["sim-mon"])

    for table in ("simulations", "simulation_facts", "jobs", "periods", "failed_commands"):
        assert database.rows(table) == []
    assert database.rows("config_cards") == []
    assert {app for app, _ in database.rows("inbox")} == {"archive", "metrics"}
    for table in ("events", "outbox", "app_values", "late_notices", "transfers", "dead_letters"):
        assert len(database.rows(table)) >= 1, table
    assert len(database.rows("message_ids")) == 2
    assert database.totals() == {"messages": 2, "dead_letters": 1, "transfers": 1}


def test_clearing_all_leaves_the_log(database: SqliteHarness) -> None:
    fill(database)

    rebuild.clear(database.store, ["sim-mon", "metrics", "an app without tables"])

    assert database.totals() == {"messages": 2, "dead_letters": 1}
    with database.store.unit("sim-mon") as unit:
        [pages] = rebuild.messages(database.store, TYPES)
        assert unit.admit(pages).fresh == tuple(pages)


def test_new_messages_may_come_while_the_log_is_read(database: SqliteHarness) -> None:
    with database.store.unit("archive") as unit:
        unit.archive.add([message(n) for n in range(1, 6)])
    pages = rebuild.messages(database.store, TYPES, 2)
    first = next(pages)
    with database.store.unit("archive") as unit:
        unit.archive.add([message(6)])

    assert [m.uid for page in (first, *pages) for m in page] == [uid(n) for n in range(1, 7)]
