"""Readers keep out of the writers' way, and say what is the matter when there is no database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert
from store_harness import SqliteHarness

from prodiguer.errors import ConfigurationError, Unavailable
from prodiguer.ports.queries import Paging, Queries, SimulationFilter
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import SqlQueries, open_queries
from prodiguer.storage.schema import counters
from prodiguer.storage.store import open_store
from support.monitoring import T0
from support.reading import a_run, save


def names(queries: Queries) -> set[str | None]:
    page = queries.simulations(SimulationFilter(), Paging(), T0)
    assert page.total == len(page.items)
    return {item["name"] for item in page.items}


def test_a_reader_cannot_write(database: SqliteHarness, queries: SqlQueries) -> None:
    with pytest.raises(Unavailable), queries._reader.snapshot() as connection:
        connection.execute(insert(counters).values(name="jobs", value=1))

    assert database.totals() == {}


def test_readers_do_not_wait_for_a_writer_and_see_what_is_committed(
    database: SqliteHarness, queries: Queries
) -> None:
    save(database.store, a_run(1, name="before"))

    with database.store.unit("test") as unit:
        unit.runs.save_simulations([a_run(2, name="after")], messages={a_run(2).uid: 1})
        with ThreadPoolExecutor(1) as other:
            assert other.submit(names, queries).result(timeout=30) == {"before"}

    assert {"before", "after"} == {
        item["name"] for item in queries.simulations(SimulationFilter(), Paging(), T0).items
    }


def test_a_page_and_its_total_are_of_one_moment(database: SqliteHarness, queries: Queries) -> None:
    save(database.store, a_run(1))

    def write() -> None:
        for number in range(2, 40):
            save(database.store, a_run(number))

    with ThreadPoolExecutor(5) as threads:
        writing = threads.submit(write)
        while not writing.done():
            list(threads.map(lambda _: names(queries), range(4)))
        writing.result()

    assert len(names(queries)) == 39


def test_an_engine_serves_as_well_as_a_url(database: SqliteHarness) -> None:
    save(database.store, a_run(1, name="one"))

    queries = open_queries(database.store.engine)
    found = names(queries)
    queries.close()

    assert found == {"one"}
    save(database.store, a_run(2))


def test_a_database_that_is_missing_is_unavailable_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "none" / "prodiguer.db"
    queries = open_queries(f"sqlite:///{file}")

    with pytest.raises(Unavailable):
        queries.counts()

    queries.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "prodiguer.db"
    file.write_bytes(b"no database at all" * 1000)
    queries = open_queries(f"sqlite:///{file}")

    with pytest.raises(Unavailable, match="damaged"):
        queries.counts()

    queries.close()


def test_a_name_with_odd_characters_is_a_file_name(tmp_path: Path) -> None:
    data = tmp_path / "a?b#c%20d é"
    data.mkdir()
    upgrade(data=data)
    store = open_store(data=data)
    save(store, a_run(1, name="one"))

    queries = open_queries(store.engine)
    found = names(queries)
    queries.close()
    store.close()

    assert found == {"one"}


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="postgresql"):
        open_queries("mysql://localhost/x")
