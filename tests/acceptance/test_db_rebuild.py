"""`db rebuild` folds the archive again and gets the same tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from generate import messages
from ledger import tables
from live import Up, prodiguer

pytestmark = pytest.mark.slow


def test_the_tables_are_equal_after_all_kinds_of_mails(tmp_path: Path, real_data: Path) -> None:
    up = Up(tmp_path)
    for path in sorted((real_data / "mail").rglob("*.eml")):
        up.send_mail(path.read_bytes())
    up.post(list(messages(2000, seed=5, runs=20)))
    up.settle()
    assert up.stop() == 0
    before = tables(tmp_path)

    done = prodiguer("--data", str(tmp_path), "db", "rebuild")

    assert done.returncode == 0, done.stderr
    assert tables(tmp_path) == before
    assert all(before[name] for name in ("simulations", "jobs", "periods", "transfers"))


def test_it_refuses_while_consumers_run(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        refused = prodiguer("--data", str(tmp_path), "db", "rebuild")
    finally:
        assert up.stop() == 0

    assert refused.returncode == 4
    assert "runs already" in refused.stderr


def test_it_refuses_while_the_queue_of_the_archive_is_not_empty(tmp_path: Path) -> None:
    up = Up(tmp_path, "--without", "archive")
    up.post(list(messages(10, seed=5)))
    up.settle(but=["prod.archive"])
    assert up.stop() == 0

    refused = prodiguer("--data", str(tmp_path), "db", "rebuild")

    assert refused.returncode == 4
    assert "prod.archive" in refused.stderr


def test_one_that_is_broken_off_must_be_done_again(tmp_path: Path) -> None:
    up = Up(tmp_path)
    up.post(list(messages(2000, seed=5, runs=20)))
    up.settle()
    assert up.stop() == 0
    before = tables(tmp_path)

    killed = prodiguer(
        "--data",
        str(tmp_path),
        "db",
        "rebuild",
        environ={"PRODIGUER_FAULT": "unit.after_commit:kill@4"},
    )
    assert killed.returncode == -9
    assert tables(tmp_path) != before
    for command in (("up", "--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0"), ("run", "sim-mon")):
        refused = prodiguer("--data", str(tmp_path), *command)
        assert refused.returncode == 4
        assert "a rebuild was broken off" in refused.stderr

    assert prodiguer("--data", str(tmp_path), "db", "rebuild").returncode == 0
    assert tables(tmp_path) == before
    assert Up(tmp_path).stop() == 0
