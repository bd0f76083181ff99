"""Fixtures of tests at the HTTP door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.web import Client
from support.web_platform import Platform, copy_data, make_data, opened


@pytest.fixture(scope="session")
def _story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_data(tmp_path_factory.mktemp("story") / "data")


@pytest.fixture
def platform(_story: Path, tmp_path: Path) -> Iterator[Platform]:
    """A platform of this test's own, with the story in its database."""
    with opened(copy_data(_story, tmp_path / "data")) as platform:
        yield platform


@pytest.fixture
def client(platform: Platform) -> Client:
    """A client of a server on loopback without tokens."""
    return platform.serve()
