"""A file of the spool belongs to one process, and to nobody once that is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prodiguer.client import owners
from prodiguer.client.spool import Spool, lines

GONE = subprocess.Popen([sys.executable, "-c", ""])
GONE.wait()
HOST = owners.mine("x", "y").split("@")[1]


def named(place: Path, name: str, content: bytes = b"{}\n") -> Path:
    path = place / name
    path.write_bytes(content)
    return path


def test_what_a_process_that_is_gone_left_is_taken_over(tmp_path: Path) -> None:
    named(tmp_path, f".open@{HOST}@{GONE.pid}@ab", b'{"a":1}\n{"b":2}\n{"torn')
    named(tmp_path, f".sending@{HOST}@{GONE.pid}@0123-ff.jsonl", b'{"c":3}\n')
    spool = Spool(tmp_path)

    spool.adopt()

    first, second = spool.batches()
    assert first.name == "0123-ff.jsonl"
    assert lines(second.read_bytes()) == [b'{"a":1}', b'{"b":2}']


def test_what_lives_is_left_alone(tmp_path: Path) -> None:
    mine = named(tmp_path, owners.mine("open", "ab"))
    elsewhere = named(tmp_path, f".sending@another-{HOST}@{os.getpid()}@0123-ff.jsonl")

    Spool(tmp_path).adopt()

    assert mine.exists()
    assert elsewhere.exists()


def test_of_another_machine_a_day_of_silence_is_taken_for_an_end(tmp_path: Path) -> None:
    path = named(tmp_path, f".open@another-{HOST}@1@ab")
    yesterday = time.time() - owners.DAY - 60
    os.utime(path, (yesterday, yesterday))

    Spool(tmp_path).adopt()

    assert not path.exists()
    assert len(Spool(tmp_path).batches()) == 1


@pytest.mark.parametrize(
    "name", [".hidden", ".open@", ".open@a@b@c", ".open@h@99999999999999999999@x", ".nfs@h@1@x"]
)
def test_foreign_files_are_passed_over(tmp_path: Path, name: str) -> None:
    path = named(tmp_path, name)

    Spool(tmp_path).adopt()

    assert path.exists()
    assert Spool(tmp_path).batches() == []
