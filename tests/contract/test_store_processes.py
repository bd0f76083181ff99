"""Several processes on one database: one writes at a time, and a kill loses nothing committed."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from store_harness import SqliteHarness
from store_kit import uid

from prodiguer.errors import Unavailable
from prodiguer.storage.store import SqlStore


def test_two_processes_that_write_lose_nothing_and_double_nothing(
    database: SqliteHarness,
) -> None:
    # The second begins in the middle of what the first does.
    writers = [database.start("admit", first, "600", "20") for first in ("1", "301")]
    said = [writer.communicate(timeout=120)[0].splitlines() for writer in writers]

    assert [len(lines) for lines in said] == [30, 30]
    assert database.rows("messages", "uid") == [uid(n) for n in range(1, 901)]
    assert database.totals() == {"messages": 900}


@pytest.mark.parametrize(
    ("point", "committed"), [("unit.before_commit", 40), ("unit.after_commit", 60)]
)
def test_a_kill_around_commit_leaves_whole_batches(
    database: SqliteHarness, point: str, committed: int
) -> None:
    with database.start("admit", "1", "200", "20", fault=f"{point}:kill@3") as killed:
        said = killed.communicate(timeout=120)[0].splitlines()

    assert killed.returncode == -signal.SIGKILL
    assert said == ["done 1", "done 21"]
    assert len(database.rows("messages")) == committed
    assert len(database.rows("inbox")) == committed
    assert len(database.rows("app_values")) == committed // 20
    assert database.totals() == {"messages": committed}

    with database.start("admit", "1", "200", "20") as again:
        again.communicate(timeout=120)

    assert again.returncode == 0
    assert database.totals() == {"messages": 200}


def test_kills_at_any_moment_never_lose_what_was_confirmed(database: SqliteHarness) -> None:
    confirmed: set[int] = set()
    for _ in range(5):
        with database.start("admit", "1", "4000", "4") as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                confirmed.add(int(line.removeprefix("done ")))
                if len(confirmed) % 7 == 0:
                    writer.kill()
                    break
    stored = set(database.rows("messages", "uid"))

    assert len(confirmed) >= 7
    assert {uid(first + n) for first in confirmed for n in range(4)} <= stored
    assert database.totals() == {"messages": len(stored)}
    assert len(stored) % 4 == 0


def test_a_writer_waits_for_another_process(database: SqliteHarness) -> None:
    with holding(database, "1"), database.store.unit("other") as unit:
        unit.values.put("held", "by the second")

    assert database.rows("app_values", "value") == ['"by the second"']


def test_beyond_its_time_a_waiting_writer_is_told_to_try_again(database: SqliteHarness) -> None:
    impatient = database.open(busy_timeout=0.2)
    with holding(database, "600") as holder:
        begun = time.monotonic()
        with pytest.raises(Unavailable) as told:
            put(impatient, "held", "by the second")
        waited = time.monotonic() - begun
        assert database.rows("app_values") == []  # readers never wait
        holder.kill()

    assert waited < 60
    assert "lock" in str(told.value)
    assert "\n" not in str(told.value)
    put(impatient, "held", "by the second")
    assert database.rows("app_values", "value") == ['"by the second"']


def test_beyond_its_time_a_waiting_thread_is_told_to_try_again(database: SqliteHarness) -> None:
    impatient = database.open(busy_timeout=0.2)
    with database.store.unit("other") as unit:
        unit.values.put("held", 1)
        with pytest.raises(Unavailable):
            put(impatient, "held", 2)

    put(impatient, "held", 3)
    assert database.rows("app_values", "value") == ["3"]


@contextmanager
def holding(database: SqliteHarness, seconds: str) -> Iterator[subprocess.Popen[str]]:
    """Another process holds what `put` wants."""
    with database.start("hold", seconds) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "holding\n"
            yield holder
        except BaseException:
            holder.kill()
            raise


def put(store: SqlStore, key: str, value: object) -> None:
    with store.unit("other") as unit:
        unit.values.put(key, value)
