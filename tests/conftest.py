"""What all tests share: where the real data is, and that no setting of the machine leaks in."""

from __future__ import annotations

import os
import socket
import subprocess
import venv
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


@pytest.fixture(scope="session")
def fresh_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but prodiguer and pytest in it; its directory."""
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place, with_pip=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Who installs it here asks for the command and the apps; pages that are there come along.
    environ = {**os.environ, "PRODIGUER_SKIP_PAGES": "1"}
    command = [place / "bin" / "python", *install, str(ROOT), "pytest"]
    subprocess.run(command, check=True, env=environ)
    return place


@pytest.fixture
def free_ports() -> tuple[int, int]:
    """Two ports of loopback that nothing listens on just now."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
