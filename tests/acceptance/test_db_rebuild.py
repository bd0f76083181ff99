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
