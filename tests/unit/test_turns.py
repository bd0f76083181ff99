"""The writers of one file in one process: first come, first served."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from prodiguer import turns
from prodiguer.errors import Unavailable

PATIENCE = 60.0


def waiting(mine: turns.Turns) -> int:
    return len(mine._waiting)


def until_waiting(mine: turns.Turns, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while waiting(mine) < count:
        assert time.monotonic() < deadline, "nobody came to wait"
        time.sleep(0.001)


def test_one_file_has_one_queue_by_whatever_path(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    assert turns.of(tmp_path / "a.db") is turns.of(tmp_path / "link" / "a.db")
    assert turns.of(tmp_path / "a.db") is not turns.of(tmp_path / "b.db")


def test_turns_come_in_the_order_of_asking() -> None:
    mine, order = turns.Turns("file"), []

    def take(number: int) -> None:
        with mine.hold(PATIENCE):
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    with mine.hold(PATIENCE):
        for number, thread in enumerate(threads, 1):
            thread.start()
            until_waiting(mine, number)
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_leaves_the_queue_in_order() -> None:
    mine = turns.Turns("file")
    with mine.hold(PATIENCE):
        with pytest.raises(Unavailable, match=r"file was busy for 0.01 s"), mine.hold(0.01):
            pytest.fail("it was not free")
        assert waiting(mine) == 0

    with mine.hold(0.01):
        pass


def test_a_turn_is_given_up_when_its_work_fails() -> None:
    mine = turns.Turns("file")
    with pytest.raises(ZeroDivisionError), mine.hold(PATIENCE):
        raise ZeroDivisionError

    with mine.hold(0.01):
        pass


def test_a_wait_that_is_interrupted_takes_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_event: threading.Event, _timeout: float) -> bool:
        raise KeyboardInterrupt

    mine = turns.Turns("file")
    with mine.hold(PATIENCE), monkeypatch.context() as patched:
        patched.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt), mine.hold(PATIENCE):
            pytest.fail("it was not free")
    assert waiting(mine) == 0

    with mine.hold(0.01):
        pass
