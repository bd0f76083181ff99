"""The note of what a handler is at: it suspects, a trial proves, and who was near is spared."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodiguer.ports.transport import Delivery, Properties
from prodiguer.runner.at_work import HOPELESS, TRIALS, AtWork


def delivery(name: str) -> Delivery:
    return Delivery(1, "x-primary", "key", b"{}", Properties(message_id=name), redelivered=True)


POISON, INNOCENT = delivery("poison"), delivery("innocent")


def die_of(file: Path, which: Delivery, *, inside: bool) -> None:
    """A process that is killed while its handler is at a message, or just after."""
    child = os.fork()
    if child == 0:
        note = AtWork(file)
        with note.on(which):
            if inside:
                os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


class Deaths:
    """Trials that end as told; by default all die, so that whoever is tried is a killer."""

    def __init__(self, *ends: bool) -> None:
        self.tried: list[Delivery] = []
        self._ends: Iterator[bool] = iter(ends or [True] * 10)

    def __call__(self, delivery: Delivery) -> bool:
        self.tried.append(delivery)
        return next(self._ends)


def is_killer(file: Path, which: Delivery, trial: Deaths | None = None) -> bool:
    note = AtWork(file, trial or Deaths())
    try:
        return note.is_killer(which)
    finally:
        note.close()


def test_a_suspect_whose_trials_are_all_deaths_is_a_killer(tmp_path: Path) -> None:
    file, trial = tmp_path / "note", Deaths()
    die_of(file, POISON, inside=True)

    assert is_killer(file, POISON, trial)
    assert not is_killer(file, INNOCENT, trial)
    assert trial.tried == [POISON] * TRIALS


@pytest.mark.parametrize("ends", [(False,), (True, False)])
def test_one_trial_without_a_death_acquits_for_as_long_as_this_process_lives(
    tmp_path: Path, ends: tuple[bool, ...]
) -> None:
    file, trial = tmp_path / "note", Deaths(*ends)
    die_of(file, INNOCENT, inside=True)
    note = AtWork(file, trial)

    assert [note.is_killer(INNOCENT) for _ in range(5)] == [False] * 5
    assert len(trial.tried) == len(ends)
    note.close()
    die_of(file, INNOCENT, inside=True)
    assert is_killer(file, INNOCENT)


def test_so_many_deaths_by_name_that_no_trial_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "note"
    for _ in range(HOPELESS - 1):
        die_of(file, POISON, inside=True)
        assert not is_killer(file, POISON, Deaths(False))
    die_of(file, POISON, inside=True)

    assert is_killer(file, POISON, trial := Deaths(False))
    assert trial.tried == []


def test_deaths_around_a_handler_blame_nobody(tmp_path: Path) -> None:
    for _ in range(HOPELESS):
        die_of(tmp_path / "note", INNOCENT, inside=False)

    assert not is_killer(tmp_path / "note", INNOCENT)


def test_what_is_done_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "note"
    die_of(file, INNOCENT, inside=True)
    note = AtWork(file)
    note.forget(INNOCENT)
    note.close()

    assert not is_killer(file, INNOCENT)


def test_an_exception_of_the_handler_is_no_death(tmp_path: Path) -> None:
    for _ in range(3):
        note = AtWork(tmp_path / "note")
        with pytest.raises(ValueError, match="x"), note.on(POISON):
            raise ValueError("x")
        note.close()

    assert not is_killer(tmp_path / "note", POISON)


@pytest.mark.parametrize("content", [b"", b"\xff" * 50, b" " * 36 + b'{"a": ', b"x" * 10])
def test_a_torn_note_harms_nobody(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "note"
    file.write_bytes(content)

    assert not is_killer(file, INNOCENT)
    die_of(file, POISON, inside=True)
    assert is_killer(file, POISON)
