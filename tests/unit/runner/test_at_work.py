"""The note of what a handler is at: it proves a killer and spares who was only near."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from prodiguer.ports.transport import Delivery, Properties
from prodiguer.runner.at_work import AtWork


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


def is_killer(file: Path, which: Delivery) -> bool:
    note = AtWork(file)
    try:
        return note.is_killer(which)
    finally:
        note.close()


def test_two_deaths_by_name_are_proof_and_one_is_none(tmp_path: Path) -> None:
    file = tmp_path / "note"

    die_of(file, POISON, inside=True)
    assert not is_killer(file, POISON)
    die_of(file, POISON, inside=True)

    assert is_killer(file, POISON)
    assert not is_killer(file, INNOCENT)


def test_deaths_around_a_handler_blame_nobody(tmp_path: Path) -> None:
    for _ in range(5):
        die_of(tmp_path / "note", INNOCENT, inside=False)

    assert not is_killer(tmp_path / "note", INNOCENT)


def test_what_is_done_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "note"
    die_of(file, INNOCENT, inside=True)
    note = AtWork(file)
    note.forget(INNOCENT)
    note.close()
    die_of(file, INNOCENT, inside=True)

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
    die_of(file, POISON, inside=True)
    assert is_killer(file, POISON)
