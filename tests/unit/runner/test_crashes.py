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


def test_a_message_that_kills_the_process_is_found_and_its_neighbours_live(tmp_path: Path) -> None:
    good = [message("1999") for _ in range(199)]
    poison = message("1999", command="abort")
    given(tmp_path, "deadly", [*good[:120], poison, *good[120:]])

    deaths = 0
    while (code := run(tmp_path, "deadly")) != 0:
        assert code == -signal.SIGABRT
        deaths += 1
        assert deaths <= 3

    assert counts(tmp_path) == {message.uid: 1 for message in good}
    found = rows(tmp_path, "select reason, stage, app, bytes from dead_letters")
    body = envelope.to_amqp(poison)[2]
    assert found == [("crash: killed the process", "handle", "deadly", body)]


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
