"""Several web servers on one directory, and who may stand beside whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from live import Process, Up, prodiguer
from support.live_door import Live

pytestmark = pytest.mark.slow

ENVIRON = {"PRODIGUER_WEB__PORT": "0", "PRODIGUER_SMTP__PORT": "0"}


def web(data: Path) -> tuple[Process, tuple[str, int]]:
    process = Process("web", "--data", str(data), environ=ENVIRON)
    return process, ("127.0.0.1", int(process.heard(r"^HTTP: http://127\.0\.0\.1:(\d+)")[1]))


def test_any_number_of_web_servers_share_a_directory_but_up_has_it_alone(tmp_path: Path) -> None:
    (one, first), (other, second) = web(tmp_path), web(tmp_path)
    try:
        refused = prodiguer("up", "--data", str(tmp_path), environ=ENVIRON)
        assert refused.returncode == 4
        assert "web runs already on" in refused.stderr

        with Live(first) as live:
            position = live.seq
        with Live(second, since=position) as live:
            assert live.hello["seq"] == position
    finally:
        assert {one.stop(), other.stop()} == {0}

    up = Up(tmp_path)
    try:
        for command in ("web", "up"):
            refused = prodiguer(command, "--data", str(tmp_path), environ=ENVIRON)
            assert refused.returncode == 4
            assert "runs already on" in refused.stderr
    finally:
        assert up.stop() == 0
