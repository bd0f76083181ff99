"""Which way SQLite takes to an answer at 100,000 runs: a time would depend on the machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from store_harness import SqliteHarness

from prodiguer.ports.queries import JobFilter, MessageFilter, Paging, SimulationFilter
from prodiguer.storage.queries import SqlQueries, open_queries
from prodiguer.storage.schema import metadata
from support.reading import uid

RUNS = 100_000
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(minutes=RUNS)
_MICROS = int(BEGIN.timestamp()) * 1_000_000

# One run a minute, every fifth with a job and a message; the uid of a run does not tell its time.
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :runs - 1)"
_RUN = "printf('%08x-0000-4000-8000-%012x', (i * 2654435761) & 4294967295, i)"
_AT = ":begin + i * 60000000"
_STATEMENTS = (
    f"""{_NUMBERS} INSERT INTO simulations (uid, state, late_at, progress, name, machine, login,
        started_at, ended_at, last_message_at, flags, revision)
    SELECT {_RUN}, iif(i % 20, 'complete', 'running'), iif(i % 20, NULL, {_AT} + 86700000000), 0.5,
        'run-' || i, 'machine' || (i % 5), 'login' || (i % 100), {_AT}, iif(i % 20, {_AT}, NULL),
        {_AT}, '[]', 1
    FROM n""",
    f"""{_NUMBERS} INSERT INTO jobs (simulation_uid, uid, kind, state, started_at, ended_at,
        late_at, position_at, position_uid, warning_delay, last_message_at, flags, facts)
    SELECT {_RUN}, printf('%036x', i), iif(i % 9, 'compute', 'checker'),
        iif(i % 20, 'complete', 'running'), {_AT}, iif(i % 20, {_AT}, NULL),
        iif(i % 20, NULL, {_AT} + 86700000000), {_AT}, '', 86400, {_AT}, '[]', '{{}}'
    FROM n WHERE i % 5 = 0""",
    f"""{_NUMBERS} INSERT INTO messages (uid, code, app, mode, user, producer, producer_version,
        dialect, simulation_uid, job_uid, time, timestamp, received_at, door, flags, digest, body)
    SELECT printf('%036x', i), iif(i % 1000, '1001', '1999'), 'monitoring', 'prod', 'smtp',
        'libigcm', '1', '2016', {_RUN}, printf('%036x', i), {_AT}, {_AT}, {_AT}, 'smtp', '[]', '',
        '{{}}'
    FROM n WHERE i % 5 = 0""",
    """INSERT INTO counters VALUES ('simulations', :runs), ('jobs', :runs / 5),
        ('messages', :runs / 5)""",
)  # fmt: skip


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteHarness]:
    harness = SqliteHarness(tmp_path_factory.mktemp("crowded"))
    with harness.store.writing() as connection:
        for statement in _STATEMENTS:
            connection.execute(text(statement), {"runs": RUNS, "begin": _MICROS})
    yield harness
    harness.close()


@pytest.fixture
def queries(crowded: SqliteHarness) -> Iterator[SqlQueries]:
    reader = open_queries(crowded.url)
    yield reader
    reader.close()


def steps(crowded: SqliteHarness, queries: SqlQueries, ask: Callable[[], Any]) -> list[str]:
    """The steps of all statements that a question takes, as EXPLAIN QUERY PLAN tells them."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engine = queries._reader._engine
    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    connection = sqlite3.connect(crowded.directory / "prodiguer.db")
    plans = [
        row[3]
        for statement, parameters in asked
        if statement.startswith("SELECT")
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    connection.close()
    return plans


def no_table_is_read_through(plan: list[str]) -> bool:
    """SCAN … USING INDEX walks an index in its order and stops at the end of the page."""
    tables = {f"SCAN {name}" for name in metadata.tables}
    return plan != [] and tables.isdisjoint(plan)


def nothing_is_sorted(plan: list[str]) -> bool:
    """Equal values of an index alone may be put in the order of their ids; groups of a page too."""
    return "USE TEMP B-TREE FOR ORDER BY" not in plan


def test_the_list_of_runs_walks_an_index(crowded: SqliteHarness, queries: SqlQueries) -> None:
    first = queries.simulations(SimulationFilter(), Paging(), NOW)
    assert (len(first.items), first.total) == (50, RUNS)

    for cursor in (None, first.next):
        for sort in ("-started_at", "started_at", "-last_message_at"):
            which = SimulationFilter(sort=sort)
            paging = Paging(cursor=cursor if sort == "-started_at" else None)
            plan = steps(crowded, queries, lambda w=which, p=paging: queries.simulations(w, p, NOW))
            assert no_table_is_read_through(plan), plan
            assert nothing_is_sorted(plan), plan


def test_a_run_and_a_job_are_found_by_their_uids(
    crowded: SqliteHarness, queries: SqlQueries
) -> None:
    (run,) = queries.simulations(SimulationFilter(q="*run-775"), Paging(limit=1), NOW).items
    (job,) = queries.jobs(JobFilter(simulation=run["uid"]), Paging(), NOW).items

    for ask in (
        lambda: queries.simulation(run["uid"], NOW),
        lambda: queries.timeline(run["uid"], Paging()),
        lambda: queries.periods(run["uid"], Paging()),
        lambda: queries.jobs(JobFilter(simulation=run["uid"]), Paging(), NOW),
        lambda: queries.job(job["uid"], NOW),
        lambda: queries.visible(run["uid"]),
    ):
        plan = steps(crowded, queries, ask)
        assert no_table_is_read_through(plan), plan


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    "field", ["started_at", "ended_at", "late_at", "last_message_at", "state", "kind"]
)
def test_the_list_of_jobs_walks_an_index_whatever_its_sort(
    field: str, sign: str, crowded: SqliteHarness, queries: SqlQueries
) -> None:
    which = JobFilter(sort=sign + field)

    plan = steps(crowded, queries, lambda: queries.jobs(which, Paging(), NOW))

    assert no_table_is_read_through(plan), plan


@pytest.mark.parametrize(
    ("which", "index"),
    [
        (JobFilter(state="late"), "ix_jobs_late_at"),
        (JobFilter(state="late", kind="checker"), "ix_jobs_late_at"),
        (JobFilter(state="running"), "ix_jobs_state_started_at"),
        (JobFilter(kind="checker"), "ix_jobs_kind_started_at"),
        (JobFilter(since=NOW - timedelta(hours=1)), "ix_jobs_last_message_at"),
    ],
)
def test_each_filter_of_jobs_has_its_index(
    which: JobFilter, index: str, crowded: SqliteHarness, queries: SqlQueries
) -> None:
    plan = steps(crowded, queries, lambda: queries.jobs(which, Paging(), NOW))

    assert any(f"INDEX {index} " in step for step in plan), plan
    assert no_table_is_read_through(plan), plan


@pytest.mark.parametrize(
    "which",
    [
        MessageFilter(),
        MessageFilter(code="1999"),
        MessageFilter(code="1001"),
        MessageFilter(job=uid(7)),
        MessageFilter(simulation=uid(7)),
        MessageFilter(mail="m"),
        MessageFilter(producer="libigcm"),
        MessageFilter(since=NOW - timedelta(hours=1)),
        MessageFilter(since=NOW - timedelta(days=60)),
        MessageFilter(since=NOW - timedelta(hours=1), code="1001"),
    ],
)
def test_messages_are_found_by_an_index(
    which: MessageFilter, crowded: SqliteHarness, queries: SqlQueries
) -> None:
    plan = steps(crowded, queries, lambda: queries.messages(which, Paging()))

    # The newest first of all is the table's own order, read backwards until the page is full.
    if which == MessageFilter():
        assert nothing_is_sorted(plan), plan
    else:
        assert no_table_is_read_through(plan), plan


def test_facets_take_one_scan_and_one_for_each_filter_that_is_set(
    crowded: SqliteHarness, queries: SqlQueries
) -> None:
    def scans(**words: str) -> int:
        ask = lambda: queries.facets(SimulationFilter(words=words), NOW)  # noqa: E731  # reads best
        return len(steps(crowded, queries, ask))

    assert scans() == 1
    assert scans(machine="machine1") == 2
    assert scans(machine="machine1", login="login1") == 3
    counts = queries.facets(SimulationFilter(words={"machine": "machine1"}), NOW)
    assert sum(entry["count"] for entry in counts["machine"]) == RUNS
    assert sum(entry["count"] for entry in counts["login"]) == RUNS // 5
