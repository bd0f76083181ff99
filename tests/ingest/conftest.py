"""Real files and real servers for the doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prodiguer.ingest.inbox import Inbox
from support.ingest import Works, working


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    with working(tmp_path) as works:
        yield works
