"""What all tests share: where the real data is, and that no setting of the machine leaks in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    for name in [name for name in os.environ if name.startswith("PRODIGUER_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Mails and reports of real centres; they are not part of the repository."""
    place = ROOT.parent / "shared" / "data"
    if not place.is_dir():
        pytest.skip(f"the real mails are not at {place}")
    return place
