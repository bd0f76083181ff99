"""What runs leave behind: periods, failed commands, config cards, transfers, lateness."""

from __future__ import annotations

from datetime import timedelta

from store_harness import SqliteHarness
from store_kit import OTHER_RUN, RUN, after, ended, job, simulation, uid, undone

from prodiguer.domain.history import ConfigCard, FailedCommand, Period
from prodiguer.domain.job import Job
from prodiguer.domain.metrics import Transfer
from prodiguer.domain.simulation import Placing, Simulation


def period(number: int, count: int | None = 1) -> Period:
    return Period(
        message_uid=uid(number),
        simulation_uid=RUN,
        job_uid=uid(100),
        at=after(number),
        number=count,
        begin="18500101",
        end="18500131",
    )


def command(number: int, text: str | None) -> FailedCommand:
    return FailedCommand(
        message_uid=uid(number),
        simulation_uid=RUN,
        job_uid=uid(100),
        at=after(number),
        command=text,
    )


def card(text: str, at: float, number: int = 1) -> ConfigCard:
    return ConfigCard(simulation_uid=RUN, at=after(at), message_uid=uid(number), text=text)


def transfer(number: int, size: float | None = 1.5) -> Transfer:
    return Transfer(
        message_uid=uid(number),
        simulation_uid=RUN,
        job_uid=uid(100),
        at=after(number),
        action="IGCM_sys_Put_Out",
        size_mo=size,
        duration_ms=12.25,
        throughput_mo_s=None,
        dir_from="/work",
        dir_to=None,
    )


def test_a_period_is_kept_once(database: SqliteHarness) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.add_periods([period(2), period(1, None), period(2)])
        unit.runs.add_periods([])
    with database.store.unit("sim-mon") as unit:
        unit.runs.add_periods([period(1), period(3)])

    assert database.rows("periods", "message_uid", "number") == [
        (uid(1), None),
        (uid(2), 1),
        (uid(3), 1),
    ]


def test_a_failed_command_is_kept_once_and_as_it_is(database: SqliteHarness) -> None:
    text = "$(touch x); `rm -rf ~` \\ 'quoted' %s\nsecond line"
    for _ in range(2):
        with database.store.unit("sim-mon") as unit:
            unit.runs.add_failed_commands([command(2, None), command(1, text)])

    assert database.rows("failed_commands", "message_uid", "command") == [
        (uid(1), text),
        (uid(2), None),
    ]


def test_of_config_cards_the_first_in_order_stays(database: SqliteHarness) -> None:
    for cards in (
        [card("late", 10), card("later", 20)],
        [card("early", 5, 7)],
        [card("as early, smaller id", 5, 6), card("as early, greater id", 5, 8)],
        [card("last", 30)],
        [],
    ):
        with database.store.unit("sim-mon") as unit:
            unit.runs.save_cards(cards)

    assert database.rows("config_cards", "text") == ["as early, smaller id"]


def test_a_transfer_is_kept_once_and_counted_once(database: SqliteHarness) -> None:
    with database.store.unit("metrics") as unit:
        unit.transfers.add([transfer(1), transfer(2, None), transfer(1)])
    with database.store.unit("metrics") as unit:
        unit.transfers.add([transfer(2), transfer(3, 0.1)])
        unit.transfers.add([])

    assert database.rows("transfers", "message_uid", "size_mo") == [
        (uid(1), 1.5),
        (uid(2), None),
        (uid(3), 0.1),
    ]
    assert database.totals() == {"transfers": 3}


# --- lateness: the delay of a job is a day where none is said, and 300 s of grace -----------------

DAY = 86_400 + 300


def save(database: SqliteHarness, *runs: Simulation, jobs: list[Job]) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_jobs(jobs)
        unit.runs.save_simulations(runs, messages={})


def overdue(database: SqliteHarness, seconds: float, limit: int = 100) -> list[str]:
    with database.store.unit("sim-mon") as unit:
        return [key[1] for key, _ in unit.runs.overdue(after(seconds), limit)]


def test_a_running_job_is_overdue_after_its_time(database: SqliteHarness) -> None:
    save(database, simulation(), jobs=[job(100, at=0), job(101, at=60), job(102, "2000", at=30)])

    assert overdue(database, DAY) == []
    assert overdue(database, DAY + 1) == [uid(100)]
    assert overdue(database, DAY + 61) == [uid(100), uid(102), uid(101)]
    assert overdue(database, DAY + 61, limit=2) == [uid(100), uid(102)]


def test_a_job_that_ended_or_never_started_is_not_overdue(database: SqliteHarness) -> None:
    save(database, simulation(), jobs=[ended(job(100), "1999", 10), job(101, "1900")])

    assert overdue(database, 10 * DAY) == []


def test_what_was_noted_is_not_overdue_again(database: SqliteHarness) -> None:
    late = job(100)
    save(database, simulation(), jobs=[late])
    with database.store.unit("sim-mon") as unit:
        found = unit.runs.overdue(after(2 * DAY), 10)
        unit.runs.note_late([*found, *found])
    with database.store.unit("sim-mon") as unit:
        unit.runs.note_late(found)
        unit.runs.note_late([])

    assert list(found) == [((RUN, uid(100)), late.late_at)]
    assert overdue(database, 3 * DAY) == []


def test_a_job_whose_time_is_moved_may_be_overdue_again(database: SqliteHarness) -> None:
    late = job(100)
    assert late.late_at is not None
    save(database, simulation(), jobs=[late])
    with database.store.unit("sim-mon") as unit:
        unit.runs.note_late([((RUN, uid(100)), late.late_at)])

    save(database, simulation(), jobs=[job(100, jobWarningDelay="172800")])

    assert overdue(database, 1.5 * DAY) == []
    assert overdue(database, 3 * DAY) == [uid(100)]


def test_jobs_of_obsolete_and_of_hidden_runs_are_not_overdue(database: SqliteHarness) -> None:
    runs = [simulation(RUN), simulation(OTHER_RUN), simulation(uid(3))]
    save(database, *runs, jobs=[job(n, run=run.uid) for n, run in enumerate(runs, 100)])
    with database.store.unit("sim-mon") as unit:
        unit.runs.save_placings(
            [
                Placing(RUN, 1, 2, active=False, hidden=False),
                Placing(OTHER_RUN, 1, 1, active=True, hidden=True),
            ]
        )

    assert overdue(database, 2 * DAY) == [uid(102)]


def test_an_undone_notice_was_never_given(database: SqliteHarness) -> None:
    late = job(100)
    assert late.late_at is not None
    save(database, simulation(), jobs=[late])
    with undone(database.store.unit("sim-mon")) as unit:
        unit.runs.note_late([((RUN, uid(100)), late.late_at)])

    assert late.late_at - after(0) == timedelta(seconds=DAY)
    assert overdue(database, 2 * DAY) == [uid(100)]
