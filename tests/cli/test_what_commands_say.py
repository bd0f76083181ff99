"""What commands tell a person: the trouble and its remedy, once, and nothing besides."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from live import COMMAND, Process, Up, prodiguer

RUN = "6d773248-70eb-4a49-8ede-2590b18b68f3"
JOB = "b32bb970-c762-4e05-b27a-f0b91222d5b6"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    platform = Up(tmp_path_factory.mktemp("platform"))
    try:
        platform.post([{"msgCode": "1000", "simuid": RUN, "jobuid": JOB}])
        platform.settle()
        yield platform
    finally:
        platform.stop()


def test_a_query_that_fails_prints_no_header(up: Up) -> None:
    done = prodiguer("simulations", "--sort", "nope", "--url", up.url)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("prodiguer: sort must be one of ")


def test_an_empty_list_is_its_header_alone(up: Up) -> None:
    done = prodiguer("dead", "list", "--url", up.url)

    assert done.stdout.split("\t")[0] == "id"
    assert done.stdout.count("\n") == 1


def test_a_run_is_shown_in_words(up: Up) -> None:
    shown = prodiguer("simulation", RUN, "--url", up.url).stdout

    assert "\nactive              yes\n" in shown
    assert "\nflags               incomplete\n" in shown


def test_what_could_not_start_has_no_statistics(up: Up) -> None:
    again = prodiguer(
        "up", "--data", up.arguments[2], "--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0"
    )

    assert again.returncode == 4
    assert "session:" not in again.stderr
    assert "\n\n" not in again.stderr


def test_a_demonstration_does_not_empty_the_data_of_another(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    ports = ("--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0")
    first = Process("demo", "--data", str(data), "--simulations", "1", *ports)
    try:
        first.heard("^1 runs begin")
        second = prodiguer("demo", "--data", str(data), *ports)
        assert second.returncode == 4
        assert "smtp runs already on" in second.stderr
        assert (data / "prodiguer.db").exists()
    finally:
        assert first.stop() == 0


def test_what_was_sent_before_is_said(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text(
        json.dumps({"msgCode": "1000", "msgUID": RUN, "simuid": RUN, "jobuid": JOB}) + "\n"
    )
    first = prodiguer("send", "--jsonl", str(file), "--url", up.url)
    up.settle()
    second = prodiguer("send", "--jsonl", str(file), "--url", up.url)

    assert first.stderr == "1 accepted\n"
    assert second.stderr == "1 accepted, 1 of them known already\n"


def test_doctor_tells_the_remedy_on_a_narrow_terminal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environ = {
            **os.environ,
            "COLUMNS": "40",
            "PRODIGUER_WEB__PORT": str(taken.getsockname()[1]),
            "PRODIGUER_SMTP__PORT": "0",
        }
        terminal, end = pty.openpty()
        done = subprocess.run(
            [*COMMAND, "doctor", "--data", str(tmp_path / "none")],
            stdout=end, stderr=subprocess.PIPE, env=environ, text=True, check=False, timeout=60,
        )  # fmt: skip
        os.close(end)
        os.close(terminal)

    assert done.returncode == 1
    assert done.stderr.startswith("prodiguer: 1 check failed: web port (stop what uses it, ")


def test_the_list_of_commands_cuts_no_sentence() -> None:
    assert "..." not in prodiguer("--help").stdout.split("Commands:")[1]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Up]:
    """A platform that asks for tokens."""
    platform = Up(tmp_path / "closed", environ={"PRODIGUER_WEB__TOKENS": "required"})
    try:
        yield platform
    finally:
        platform.stop()


def test_what_is_sent_without_a_token_is_kept_until_there_is_one(
    closed: Up, tmp_path: Path
) -> None:
    spool = {"PRODIGUER_SPOOL": str(tmp_path / "spool")}
    message = ("1000", f"simuid={RUN}", f"jobuid={JOB}")

    denied = prodiguer("send", *message, "--url", closed.url, environ=spool)
    stuck = prodiguer("spool", "flush", "--url", closed.url, environ=spool)
    made = prodiguer("token", "create", "hooks", "--scope", "ingest", "--data", closed.arguments[2])
    token = {"PRODIGUER_TOKEN": made.stdout.strip()}
    flushed = prodiguer("spool", "flush", "--url", closed.url, environ={**spool, **token})

    assert (denied.returncode, stuck.returncode) == (4, 4)
    assert "$PRODIGUER_TOKEN" in denied.stderr
    assert " 1 kept in " in denied.stderr
    assert "asks everybody for a token" in made.stderr
    assert (flushed.returncode, flushed.stderr) == (0, "1 messages sent\n")
