"""Paging: every row once, in its order, whatever happens between two pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from store_harness import SqliteHarness

from prodiguer.errors import Refused
from prodiguer.ports.queries import (
    COUNT_LIMIT,
    JOB_SORTS,
    SIMULATION_SORTS,
    JobFilter,
    MessageFilter,
    Page,
    Paging,
    Queries,
    SimulationFilter,
)
from support.monitoring import T0, at, say
from support.reading import OTHER, RUN, THIRD, a_job, a_run, save, tell, uid, walk, walked


def some_runs(database: SqliteHarness) -> None:
    """Twelve, each value twice, four times none."""
    runs = []
    for number in range(12):
        value = None if number % 3 == 2 else number // 2
        text = None if value is None else f"v{value}"
        words = dict.fromkeys(
            ("name", "centre", "machine", "login", "experiment", "model", "space"), text
        )
        time = None if value is None else at(value)
        runs.append(
            a_run(
                number + 1,
                **words,
                accounting_project=text,
                output_start=text,
                output_end=text,
                state=("running", "queued", "complete", "error")[number % 4],
                late_at=at(-1) if number % 8 == 0 else None,
                progress=number % 5 / 4,
                started_at=time,
                ended_at=time,
                last_message_at=at(number % 7),
            )
        )
    save(database.store, *runs)


def in_order(items: list[Any], field: str, *, descending: bool) -> bool:
    values = [item[field] for item in items]
    there = [value for value in values if value is not None]
    return values == sorted(there, reverse=descending) + [None] * (len(values) - len(there))


@pytest.mark.parametrize("limit", [1, 5])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("field", SIMULATION_SORTS)
def test_runs_come_once_and_in_order_with_those_without_a_value_last(
    field: str, sign: str, limit: int, database: SqliteHarness, queries: Queries
) -> None:
    some_runs(database)
    which = SimulationFilter(sort=sign + field)

    items = walked(lambda paging: queries.simulations(which, paging, T0), limit)

    assert sorted(item["uid"] for item in items) == [uid(n + 1) for n in range(12)]
    assert in_order(items, field, descending=bool(sign))


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("field", JOB_SORTS)
def test_jobs_come_once_and_in_order(
    field: str, sign: str, database: SqliteHarness, queries: Queries
) -> None:
    jobs = [
        a_job(
            100 + n // 2,
            run=(RUN, OTHER)[n % 2],
            kind=("compute", "checker", "post_processing")[n % 3],
            state=("running", "complete", "error")[n // 2 % 3],
            started_at=None if n % 4 == 3 else at(n // 3),
            ended_at=at(n // 4) if n // 2 % 3 else None,
            late_at=None if n // 2 % 3 else at(n - 6),
            last_message_at=at(n // 5),
        )
        for n in range(12)
    ]
    save(database.store, a_run(1), a_run(2), jobs=jobs)
    which = JobFilter(sort=sign + field)

    items = walked(lambda paging: queries.jobs(which, paging, T0), 5)

    keys = {(item["simulation_uid"], item["uid"]) for item in items}
    assert len(items) == len(keys) == 12
    assert in_order(items, field, descending=bool(sign))


def test_a_walk_neither_repeats_nor_skips_while_rows_come_in(
    database: SqliteHarness, queries: Queries
) -> None:
    there = [a_run(100 + n, started_at=at(n // 3)) for n in range(0, 30, 2)]
    there += [a_run(200 + n, started_at=None) for n in range(0, 10, 2)]
    save(database.store, *there)

    seen = []
    pages = walk(lambda paging: queries.simulations(SimulationFilter(), paging, T0), 4)
    for step, page in enumerate(pages):
        seen += [item["uid"] for item in page.items]
        news = [a_run(101 + 2 * step, started_at=at(step)), a_run(131 + step, started_at=at(99))]
        save(database.store, *news, a_run(201 + 2 * step, started_at=None))
        assert step < 50, "the walk does not end"

    assert len(seen) == len(set(seen))
    assert {run.uid for run in there} <= set(seen)


def test_lateness_does_not_reorder_a_list_while_it_is_read(
    database: SqliteHarness, queries: Queries
) -> None:
    save(database.store, *(a_run(n, late_at=at(10), started_at=at(n)) for n in range(1, 7)))
    which = SimulationFilter(sort="-state")

    first = queries.simulations(which, Paging(limit=3), at(5))
    second = queries.simulations(which, Paging(limit=3, cursor=first.next), at(15))

    assert {item["state"] for item in first.items} == {"running"}
    assert {item["state"] for item in second.items} == {"late"}
    seen = [item["uid"] for page in (first, second) for item in page.items]
    assert seen == [uid(n) for n in (6, 5, 4, 3, 2, 1)]


def test_there_is_a_next_page_only_where_there_is_a_next_row(
    database: SqliteHarness, queries: Queries
) -> None:
    save(database.store, *(a_run(n) for n in range(1, 5)))

    pages = list(walk(lambda paging: queries.simulations(SimulationFilter(), paging, T0), 2))

    assert [len(page.items) for page in pages] == [2, 2]
    assert [page.total for page in pages] == [4, 4]


def test_a_list_without_rows_has_one_empty_page(queries: Queries) -> None:
    assert queries.simulations(SimulationFilter(), Paging(), T0) == Page([], None, total=0)


def test_totals_are_exact_up_to_a_bound(database: SqliteHarness, queries: Queries) -> None:
    count = COUNT_LIMIT
    save(database.store, *(a_run(n, machine="m") for n in range(1, count + 1)))
    which = SimulationFilter(words={"machine": "m"})
    exact = queries.simulations(which, Paging(limit=1), T0)

    save(database.store, a_run(count + 1, machine="m"))
    above = queries.simulations(which, Paging(limit=1), T0)
    unfiltered = queries.simulations(SimulationFilter(), Paging(limit=1), T0)

    assert (exact.total, exact.total_at_least) == (COUNT_LIMIT, None)
    assert (above.total, above.total_at_least) == (None, COUNT_LIMIT)
    assert (unfiltered.total, unfiltered.total_at_least) == (COUNT_LIMIT + 1, None)


@pytest.fixture
def lists(database: SqliteHarness, queries: Queries) -> dict[str, Callable[[Paging], Page[Any]]]:
    """Lists that have a second page of one row each."""
    save(database.store, *(a_run(n, machine="m") for n in range(1, 4)))
    save(database.store, a_run(4), jobs=[a_job(n, run=uid(4)) for n in (100, 101)])
    tell(database.store, *(say("1000", n, run=THIRD, job=uid(110 + n)) for n in range(2)))

    def runs(**which: Any) -> Callable[[Paging], Page[Any]]:
        return lambda paging: queries.simulations(SimulationFilter(**which), paging, T0)

    return {
        "runs": runs(),
        "runs by name": runs(sort="name"),
        "runs by name, last first": runs(sort="-name"),
        "runs of m": runs(words={"machine": "m"}),
        "runs of m since": runs(words={"machine": "m"}, since=T0 - timedelta(1)),
        "all tries": runs(all_tries=True),
        "runs with a name": runs(q="run"),
        "jobs": lambda paging: queries.jobs(JobFilter(), paging, T0),
        "jobs of a run": lambda paging: queries.jobs(JobFilter(simulation=uid(4)), paging, T0),
        "messages": partial(queries.messages, MessageFilter()),
        "messages by code": partial(queries.messages, MessageFilter(code="1000")),
        "timeline": partial(queries.timeline, THIRD),
    }


def test_a_cursor_belongs_to_its_list_its_filters_and_its_sort(
    lists: dict[str, Callable[[Paging], Page[Any]]],
) -> None:
    cursors = {name: ask(Paging(limit=1)).next for name, ask in lists.items()}

    for name, ask in lists.items():
        for other, cursor in cursors.items():
            paging = Paging(limit=1, cursor=cursor)
            if other == name:
                assert len(ask(paging).items) == 1
                continue
            with pytest.raises(Refused) as refused:
                ask(paging)
            assert refused.value.code == "cursor", (name, other)


def test_a_cursor_serves_with_another_limit(
    lists: dict[str, Callable[[Paging], Page[Any]]],
) -> None:
    ask = lists["runs"]
    first = ask(Paging(limit=1))

    rest = ask(Paging(limit=100, cursor=first.next))

    assert len(first.items) + len(rest.items) == first.total


def test_a_cursor_is_opaque_text_that_a_url_can_carry(
    lists: dict[str, Callable[[Paging], Page[Any]]],
) -> None:
    cursor = lists["runs by name"](Paging(limit=1)).next or ""

    assert cursor.isascii()
    assert cursor.replace("-", "a").replace("_", "a").isalnum()
    read = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert sorted(read) == ["h", "n", "s", "v"]
