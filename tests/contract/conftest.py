"""The contracts of the ports, each kept by every adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from broker_harness import HARNESSES, EmbeddedHarness
from store_harness import HARNESSES as DATABASES
from store_harness import SqliteHarness

from prodiguer.storage.queries import SqlQueries, open_queries


@pytest.fixture(params=["embedded"])
def make_broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], EmbeddedHarness]:
    """A new, empty broker for each call, which the caller closes."""
    return lambda: HARNESSES[request.param](tmp_path_factory.mktemp("broker"))


@pytest.fixture
def broker(make_broker: Callable[[], EmbeddedHarness]) -> Iterator[EmbeddedHarness]:
    harness = make_broker()
    yield harness
    harness.close()


@pytest.fixture(params=["sqlite"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqliteHarness]:
    """A new, empty database with the schema of this version."""
    harness = DATABASES[request.param](tmp_path_factory.mktemp("database"))
    yield harness
    harness.close()


@pytest.fixture
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteHarness]:
    """A database for what files alone have."""
    harness = SqliteHarness(tmp_path_factory.mktemp("database"))
    yield harness
    harness.close()


@pytest.fixture
def queries(database: SqliteHarness) -> Iterator[SqlQueries]:
    """What readers ask of `database`."""
    reader = open_queries(database.url)
    yield reader
    reader.close()
