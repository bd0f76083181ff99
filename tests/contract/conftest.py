"""The contracts of the ports, each kept by every adapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from broker_harness import HARNESSES, EmbeddedHarness


@pytest.fixture(params=["embedded"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedHarness]:
    harness = HARNESSES[request.param](tmp_path)
    yield harness
    harness.close()
