"""The embedded broker's files: made whole, private, and trusted only after a look."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from broker_kit import QUEUES, RUNS, bodies, drain, gather, numbered, until

from prodiguer import filesystem
from prodiguer.errors import ConfigurationError
from prodiguer.transport import connect


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def file(data: Path) -> Path:
    """The file of a broker that was used and closed."""
    transport = connect("embedded:", data=data)
    transport.declare(QUEUES)
    transport.publisher().publish(numbered(0, 2000))
    transport.close()
    return data / "broker.db"


def another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE queue (id)")


def version(number: int):
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")

    return change


def linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))
    file.symlink_to("elsewhere.db")


def replaced_by_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def replaced_by_a_directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


BROKEN = {
    "empty": (lambda file: file.write_bytes(b""), "is empty"),
    "garbage": (lambda file: file.write_bytes(b"not a database" * 1000), "no SQLite database"),
    "symbolic link": (linked, "symbolic link"),
    "pipe": (replaced_by_a_pipe, "no regular file"),
    "directory": (replaced_by_a_directory, "no regular file"),
    "of another program": (another_programs, "another program"),
    "newer": (version(2), "newer prodiguer"),
    "half made": (version(0), "unknown schema"),
    "cut off": (lambda file: os.truncate(file, 4096), "damaged"),
}


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize(("change", "advice"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_broker_is_refused_with_advice_and_left_as_it_is(file, change, advice):
    change(file)
    before = file.lstat()
    with pytest.raises(ConfigurationError, match=advice) as refusal:
        connect("embedded:", data=file.parent)
    assert str(file) in str(refusal.value)
    assert file.lstat().st_size == before.st_size


def damage(file: Path) -> None:
    """Write over the second half of the messages."""
    half = file.stat().st_size // 2
    with file.open("r+b") as damaged:
        damaged.seek(half)
        damaged.write(b"\xff" * half)


@pytest.mark.bad_input("B142")
def test_a_damaged_page_that_is_met_in_use_is_no_matter_of_waiting(file):
    damage(file)
    transport = connect("embedded:", data=file.parent)
    with pytest.raises(ConfigurationError, match=r"damaged.*\.damaged"):
        drain(transport, RUNS.name)
    transport.close()


@pytest.mark.bad_input("B142")
def test_every_page_is_read_when_the_last_process_was_killed(file, broker):
    broker.data = file.parent
    worker = broker.worker("hold", RUNS.name, 10)
    assert until(lambda: worker.said("held 10"))
    worker.kill()
    damage(file)
    with pytest.raises(ConfigurationError, match=r"damaged.*\.damaged"):
        connect("embedded:", data=file.parent)


def test_after_a_kill_a_sound_file_is_used_again(file, broker):
    broker.data = file.parent
    worker = broker.worker("hold", RUNS.name, 10)
    assert until(lambda: worker.said("held 10"))
    worker.kill()
    assert len(drain(broker.connect(), RUNS.name)) == 2000


def test_messages_can_be_read_by_their_owner_alone(data):
    before = os.umask(0)
    try:
        transport = connect("embedded:", data=data)
        transport.declare(QUEUES)
        gather(transport.consumer(RUNS.name), 0)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
        transport.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert modes.pop("owners") == 0o700
    assert modes.pop("broker.lock") == 0o666  # it is empty, and the directory is closed
    assert modes == {"broker.db": 0o600, "broker.db-wal": 0o600, "broker.db-shm": 0o600}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_is_no_directory_is_refused_with_the_remedy(tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="--data"):
        connect("embedded:", data=tmp_path / place)


def test_a_network_file_system_is_refused(data, monkeypatch):
    monkeypatch.setattr(filesystem, "SHARED", frozenset({filesystem.kind(data.parent)}))
    with pytest.raises(ConfigurationError, match="choose a local directory"):
        connect("embedded:", data=data)
    assert not (data / "broker.db").exists()


def test_many_who_open_a_new_broker_at_once_get_the_same_one(data):
    failures = []

    def use(number: int) -> None:
        try:
            transport = connect("embedded:", data=data)
            transport.declare(QUEUES)
            transport.publisher().publish(numbered(number, 1))
            transport.close()
        except Exception as error:  # noqa: BLE001  # reported by the assert below
            failures.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    transport = connect("embedded:", data=data)
    assert sorted(bodies(drain(transport, RUNS.name))) == [str(n) for n in range(8)]
    transport.close()
    assert sorted(path.name for path in data.iterdir()) == ["broker.db", "broker.lock", "owners"]


def test_several_processes_that_open_a_new_broker_at_once_get_the_same_one(broker):
    transport = broker.connect()
    transport.close()
    (broker.data / "broker.db").unlink()
    workers = [broker.worker("declare") for _ in range(4)]
    assert [worker.wait() for worker in workers] == [0] * 4
    assert len(broker.connect().status()) == len(QUEUES)


def test_closing_leaves_no_file_of_an_owner(data):
    transport = connect("embedded:", data=data)
    transport.declare(QUEUES)
    transport.consumer(RUNS.name)
    assert len(list((data / "owners").iterdir())) == 1
    transport.close()
    assert list((data / "owners").iterdir()) == []
