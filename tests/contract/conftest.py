"""The contracts of the ports, each kept by every adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from broker_harness import HARNESSES, EmbeddedHarness


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
