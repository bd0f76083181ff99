"""What one client writes at great length must not fill the memory of whoever reads it."""

from __future__ import annotations

import pytest
from store_harness import SqliteHarness
from store_kit import message

from prodiguer.ports.queries import MessageFilter, Queries, SimulationFilter
from support.monitoring import T0, say
from support.reading import RUN, a_run, save, tell, uid, walk, walked

#: A page ends at eight times as much and some more.
MEGABYTE = "x" * 1_000_000


def test_a_page_of_messages_ends_where_it_is_heavy_and_goes_on(
    database: SqliteHarness, queries: Queries
) -> None:
    given = [message(n, "7011", body={"data": MEGABYTE}) for n in range(1, 21)]
    with database.store.unit("archive") as unit:
        unit.archive.add(unit.admit(given).fresh)

    pages = list(walk(lambda paging: queries.messages(MessageFilter(), paging), 1000))

    assert [len(page.items) for page in pages] == [8, 8, 4]
    uids = [item["uid"] for page in pages for item in page.items]
    assert uids == [one.uid for one in reversed(given)]
    assert {page.total for page in pages} == {20}


def test_a_page_of_runs_ends_where_it_is_heavy_and_goes_on(
    database: SqliteHarness, queries: Queries
) -> None:
    long = "é" * 65_536
    words = ("name", "centre", "machine", "login", "experiment", "model", "space", "activity")
    save(database.store, *(a_run(n, **dict.fromkeys(words, long)) for n in range(1, 41)))

    pages = list(walk(lambda paging: queries.simulations(SimulationFilter(), paging, T0), 1000))

    assert [len(page.items) for page in pages] == [15, 15, 10]
    assert len({item["uid"] for page in pages for item in page.items}) == 40


def test_an_item_that_is_heavier_than_a_page_comes_alone(
    database: SqliteHarness, queries: Queries
) -> None:
    body = {f"data{n}": MEGABYTE for n in range(10)}
    given = [message(n, "7011", body=body) for n in (1, 2)]
    with database.store.unit("archive") as unit:
        unit.archive.add(unit.admit(given).fresh)

    pages = list(walk(lambda paging: queries.messages(MessageFilter(), paging), 10))

    assert [len(page.items) for page in pages] == [1, 1]


def test_periods_are_read_in_portions_and_stay_in_order(
    database: SqliteHarness, queries: Queries
) -> None:
    dates = {"CumulPeriod": "1", "PeriodDateBegin": "1" * 65_536, "PeriodDateEnd": "2" * 65_536}
    tell(database.store, *(say("1001", n, run=RUN, job=uid(100), **dates) for n in range(80)))

    pages = list(walk(lambda paging: queries.periods(RUN, paging), 1000))

    assert [len(page.items) for page in pages] == [63, 17]
    moments = [item["at"] for page in pages for item in page.items]
    assert moments == sorted(moments)


@pytest.mark.parametrize("sort", ["name", "-name", "login"])
def test_a_cursor_fits_into_a_url_however_long_the_names_are(
    database: SqliteHarness, queries: Queries, sort: str
) -> None:
    lengths = [1, 399, 400, 401, 5_000, 65_536]
    runs = [a_run(n, name="🌍" * m, login="🌍" * m) for n, m in enumerate(lengths, 1)]
    save(database.store, *runs)
    which = SimulationFilter(sort=sort)

    pages = list(walk(lambda paging: queries.simulations(which, paging, T0), 1))

    assert all(len(page.next or "") < 8_000 for page in pages)
    found = [len(item["name"] or "") for page in pages for item in page.items]
    assert sorted(found) == lengths
    assert sorted(found[-3:]) == lengths[3:]
    assert found == [
        len(item["name"] or "")
        for item in walked(lambda paging: queries.simulations(which, paging, T0), 4)
    ]
