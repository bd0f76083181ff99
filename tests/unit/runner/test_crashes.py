"""Processes that die, are stopped or are hit by a fault: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

import prodiguer
from live import wait_for
from prodiguer import App, JobFailed, Message
from prodiguer.ports.transport import PRIMARY, SECONDARY, Binding, Publication, Queue
from prodiguer.runner import queue_of
from prodiguer.storage.migrate import upgrade
from prodiguer.testing import message
from prodiguer.transport import connect
from prodiguer.wire import envelope

CHILD = Path(__file__).parents[2] / "support" / "runner_child.py"
#: So long a child may take; none needs a tenth of it.
PATIENCE = 60

#: Every point of the runner, and those of the boxes below it that it passes.
POINTS = (
    "runner.received",
    "runner.decoded",
    "runner.handled",
    "runner.after_commit",
    "runner.published",
    "runner.acknowledged",
)


def given(data: Path, app: str, messages: Sequence[Message]) -> None:
    """A platform whose queue of this app holds these messages."""
    upgrade(data=data)
    declared = App(app)
    declared.on(JobFailed)(lambda *_: None)
    answers = Queue("answers", (Binding(SECONDARY, "#"),))
    with closing(connect("embedded:", data=data)) as transport:
        transport.declare([queue_of(declared, "prod"), answers])
        with closing(transport.publisher()) as publisher:
            publisher.publish([_publication(message) for message in messages])


def _publication(message: Message) -> Publication:
    key, properties, body = envelope.to_amqp(message)
    return Publication(PRIMARY, key, body, properties)


def start(data: Path, app: str, fault: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(data), app],
        env={**os.environ, "PRODIGUER_FAULT": fault},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def run(data: Path, app: str, fault: str = "") -> int:
    """One life of the process; its exit code."""
    child = start(data, app, fault)
    child.communicate(timeout=PATIENCE)
    return child.returncode


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "prodiguer.db")) as database:
        return database.execute(sql).fetchall()


def counts(data: Path) -> dict[str, int]:
    """How often each message had its effect."""
    return {
        str(key): int(str(value)) for key, value in rows(data, "select key, value from app_values")
    }


def answers(data: Path) -> list[str]:
    with (
        closing(connect("embedded:", data=data)) as transport,
        closing(transport.consumer("answers")) as consumer,
    ):
        return [str(one.properties.message_id) for one in consumer.take(1000, 0.1)]


@pytest.mark.parametrize("action", ["kill", "raise", "delay"])
@pytest.mark.parametrize("point", POINTS)
def test_a_fault_at_any_point_loses_nothing_and_doubles_nothing(
    tmp_path: Path, point: str, action: str
) -> None:
    sent = [message("1999") for _ in range(60)]
    given(tmp_path, "counting", sent)
    first = run(tmp_path, "counting", f"{point}:{action}@1")
    assert first == (-signal.SIGKILL if action == "kill" else 0)
    assert first == 0 or run(tmp_path, "counting") == 0

    assert counts(tmp_path) == {message.uid: 1 for message in sent}
    assert rows(tmp_path, "select * from dead_letters") == []
    assert len(set(answers(tmp_path))) == len(sent)
    effects = (tmp_path / "effects").read_text().split()
    assert set(effects) == {message.uid for message in sent}


def test_the_faults_above_are_all_that_the_runner_has() -> None:
    runner = Path(prodiguer.__file__).parent / "runner"
    found = {
        name
        for path in runner.glob("*.py")
        for name in re.findall(r'faults\.point\("([^"]+)"\)', path.read_text("utf-8"))
    }
    assert found == set(POINTS)


@pytest.mark.parametrize(
    ("way", "code", "most"),
    [
        ("abort", -signal.SIGABRT, 3),
        ("kill", -signal.SIGKILL, 3),
        ("exit", 3, 3),
        ("unless tried", -signal.SIGABRT, 6),
    ],
)
def test_a_message_that_kills_the_process_is_found_and_its_neighbours_live(
    tmp_path: Path, way: str, code: int, most: int
) -> None:
    good = [message("1999") for _ in range(199)]
    poison = message("1999", command=way)
    given(tmp_path, "deadly", [*good[:120], poison, *good[120:]])

    deaths = 0
    while ended := run(tmp_path, "deadly"):
        assert ended == code
        deaths += 1
        assert deaths <= most

    assert counts(tmp_path) == {message.uid: 1 for message in good}
    found = rows(tmp_path, "select reason, stage, app, bytes from dead_letters")
    body = envelope.to_amqp(poison)[2]
    assert found == [("crash: killed the process", "handle", "deadly", body)]


def killed_at(data: Path, place: str) -> int:
    """One life of the app ``held``, killed from outside while it is there; who was there."""
    (data / f"hold-{place}").touch()
    child = start(data, "held")
    there = data / f"at-{place}"
    wait_for(there.is_file, place)
    child.kill()
    child.communicate(timeout=PATIENCE)
    pid = int(there.read_text())
    there.unlink()
    (data / f"hold-{place}").unlink()
    return pid


def test_who_is_there_at_every_kill_from_outside_is_no_killer(tmp_path: Path) -> None:
    good = [message("1999") for _ in range(20)]
    unlucky = message("1999", command="stay")
    given(tmp_path, "held", [*good[:10], unlucky, *good[10:]])

    for _ in range(4):
        killed_at(tmp_path, "handler")
    assert run(tmp_path, "held") == 0

    assert counts(tmp_path) == {message.uid: 1 for message in [*good, unlucky]}
    assert rows(tmp_path, "select * from dead_letters") == []


def test_a_trial_ends_with_the_process_that_wanted_it(tmp_path: Path) -> None:
    unlucky = message("1999", command="stay")
    given(tmp_path, "held", [unlucky])
    for _ in range(2):
        killed_at(tmp_path, "handler")

    for _ in range(3):
        tried = killed_at(tmp_path, "trial")
        wait_for(lambda pid=tried: not alive(pid), "the child to end")
    assert run(tmp_path, "held") == 0

    assert counts(tmp_path) == {unlucky.uid: 1}
    assert rows(tmp_path, "select * from dead_letters") == []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_trial_that_takes_too_long_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky = message("1999", command="stay")
    given(tmp_path, "held", [unlucky])
    for _ in range(2):
        killed_at(tmp_path, "handler")

    (tmp_path / "hold-trial").touch()
    monkeypatch.setenv("LIMIT", "2")
    assert run(tmp_path, "held") == 0

    assert (tmp_path / "at-trial").is_file()
    assert counts(tmp_path) == {unlucky.uid: 1}
    assert rows(tmp_path, "select * from dead_letters") == []


def test_who_is_told_to_stop_does_not_wait_for_a_trial(tmp_path: Path) -> None:
    unlucky = message("1999", command="stay")
    given(tmp_path, "held", [unlucky])
    for _ in range(2):
        killed_at(tmp_path, "handler")

    (tmp_path / "hold-trial").touch()
    child = start(tmp_path, "held")
    wait_for((tmp_path / "at-trial").is_file, "a trial")
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=30)
    assert child.returncode == 0
    assert counts(tmp_path) == {}

    (tmp_path / "hold-trial").unlink()
    assert run(tmp_path, "held") == 0
    assert counts(tmp_path) == {unlucky.uid: 1}


def test_one_who_is_told_to_stop_ends_in_time_and_what_it_acknowledged_stays_done(
    tmp_path: Path,
) -> None:
    sent = [message("1999") for _ in range(600)]
    given(tmp_path, "slow", sent)
    for _ in range(8):
        child = start(tmp_path, "slow")
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=PATIENCE)
        assert child.returncode == 0
        with closing(connect("embedded:", data=tmp_path)) as transport:
            (queue,) = (q for q in transport.status() if q.name == "prod.slow")
        assert queue.unacked == 0
        assert queue.ready + len(counts(tmp_path)) == len(sent)
    assert run(tmp_path, "slow") == 0
    assert counts(tmp_path) == {message.uid: 1 for message in sent}
