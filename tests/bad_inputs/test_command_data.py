"""Data directories and what is to be sent: refused where they are not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from live import Up, prodiguer


@pytest.mark.bad_input("B141")
def test_a_second_platform_on_one_directory_is_refused(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                         "127.0.0.1:0")  # fmt: skip
        assert done.returncode == 4
        assert f"(process {up._process.pid})" in done.stderr
        assert up.status("/ready") == 200
    finally:
        assert up.stop() == 0


@pytest.mark.bad_input("B141")
def test_a_lock_file_that_names_a_living_stranger_holds_nobody_up(tmp_path: Path) -> None:
    locks = tmp_path / "locks"
    locks.mkdir()
    (locks / "smtp.lock").write_text(str(os.getpid()))

    up = Up(tmp_path)

    assert up.stop() == 0


@pytest.mark.bad_input("B141")
def test_a_copied_directory_is_a_platform_of_its_own(tmp_path: Path) -> None:
    first = Up(tmp_path / "one")
    assert first.stop() == 0
    shutil.copytree(tmp_path / "one", tmp_path / "two")

    one, two = Up(tmp_path / "one"), Up(tmp_path / "two")

    assert (one.stop(), two.stop()) == (0, 0)


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize("name", ["prodiguer.db", "broker.db"])
@pytest.mark.parametrize("kind", ["zero bytes", "garbage", "symlink", "FIFO", "directory"])
def test_a_file_that_is_no_database_of_ours_is_refused(
    tmp_path: Path, name: str, kind: str
) -> None:
    file = tmp_path / name
    if kind == "zero bytes":
        file.touch()
    elif kind == "garbage":
        file.write_bytes(b"this is no database at all" * 1000)
    elif kind == "symlink":
        (tmp_path / "elsewhere").touch()
        file.symlink_to(tmp_path / "elsewhere")
    elif kind == "FIFO":
        os.mkfifo(file)
    else:
        file.mkdir()

    done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                     "127.0.0.1:0")  # fmt: skip

    assert done.returncode in (1, 2), done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B142")
def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    assert Up(tmp_path).stop() == 0
    with closing(sqlite3.connect(tmp_path / "prodiguer.db")) as database, database:
        database.execute("update alembic_version set version_num = '9999'")

    done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                     "127.0.0.1:0")  # fmt: skip

    assert done.returncode == 1
    assert "9999" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B143")
def test_foreign_things_in_the_spool_are_neither_sent_nor_followed(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    (spool / "directory.jsonl").mkdir(parents=True)
    (spool / ".nfs0001").write_text("x")
    (spool / "notes.txt").write_text("x")
    (spool / "link.jsonl").symlink_to("/etc/passwd")

    done = prodiguer("spool", "list", "--json", environ={"PRODIGUER_SPOOL": str(spool)})

    assert done.returncode == 0
    assert done.stdout.strip() == "[]"


@pytest.mark.bad_input("B144")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--jsonl", "/nonexistent"), 1, "No such file"),
        (("--jsonl", "/dev/zero"), 1, "too-large: line 1"),
        (("--mail", "/nonexistent"), 2, "does not exist"),
        (("--mail", "/etc"), 2, "is a directory"),
    ],
)
def test_what_cannot_be_read_is_not_sent(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = prodiguer("send", *arguments, environ={"PRODIGUER_SPOOL": str(tmp_path)})

    assert done.returncode == code
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.bad_input("B144")
def test_nothing_to_send_is_done_at_once() -> None:
    done = prodiguer("send", "--jsonl", "-", stdin=subprocess.DEVNULL)

    assert done.returncode == 0
    assert "0 accepted" in done.stderr


@pytest.mark.bad_input("B144")
def test_binary_lines_become_dead_letters_and_their_neighbours_act(tmp_path: Path) -> None:
    up = Up(tmp_path / "data")
    try:
        file = tmp_path / "lines"
        file.write_bytes(b'\x00\xff\xfe\n{"msgCode": "4242"}\n')
        done = prodiguer("send", "--jsonl", str(file), "--url", up.url)
        assert done.returncode == 1
        assert "1 accepted" in done.stderr
        assert "message 0:" in done.stderr
    finally:
        up.stop()
