"""`demo --once`: it says whether what was emitted is what is stored, and it always ends."""

from __future__ import annotations

import base64
import email
import json
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from live import COMMAND, Process

pytestmark = pytest.mark.slow

#: Seconds; without progress it ends itself much sooner.
PATIENCE = 280.0
ANY = ("--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0")


class LossyRelay:
    """A relay that says yes to every mail, and keeps one message of them for itself."""

    def __init__(self, onward: int) -> None:
        self._onward = onward
        self._mails = 0
        self.taken: dict[str, Any] = {}

    async def handle_DATA(  # noqa: N802 - the library's name for it
        self, _server: object, _session: object, envelope: Envelope
    ) -> str:
        self._mails += 1
        mail = email.message_from_bytes(envelope.content or b"", policy=SMTP)
        lines = [line for line in mail.get_content().splitlines() if self._passes(line)]
        onward = EmailMessage(policy=SMTP)
        for name in ("From", "To", "Subject", "Date"):
            onward[name] = mail[name]
        onward.set_content("".join(f"{line}\n" for line in lines), cte="quoted-printable")
        with smtplib.SMTP("127.0.0.1", self._onward, timeout=30) as session:
            session.sendmail(str(envelope.mail_from), envelope.rcpt_tos, onward.as_bytes())
        return "250 taken"

    def _passes(self, line: str) -> bool:
        if not line:
            return False
        message = json.loads(base64.b64decode(line))
        if self._mails == 7 and not self.taken and message["msgCode"] == "7000":
            self.taken = message
        return bool(message["msgUID"] != self.taken.get("msgUID"))


@contextmanager
def lossy_relay(onward: int) -> Iterator[tuple[str, LossyRelay]]:
    relay = LossyRelay(onward)
    controller = Controller(relay, hostname="127.0.0.1", port=free_port(), data_size_limit=1 << 27)
    controller.start()
    yield f"127.0.0.1:{controller.port}", relay
    controller.stop()


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`demo --once` to its end, which comes by itself, on however busy a machine."""
    return subprocess.run(
        [*COMMAND, "demo", "--once", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def test_twenty_runs_arrive_and_agree(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "demo"))

    first = demo("--simulations", "20", *data, *ANY)

    assert first.returncode == 0, first.stderr
    header, *rows = [line.split("\t") for line in first.stdout.splitlines()]
    assert header[-1] == "agrees"
    assert [row[-1] for row in rows] == ["yes"] * 20
    assert {row[2] for row in rows} == {"mail", "http", "hook"}
    assert "all 20 runs agree with what was emitted" in first.stderr


def test_a_kept_demonstration_goes_on_with_other_runs(tmp_path: Path) -> None:
    arguments = ("--simulations", "3", "--seed", "1", *ANY)
    data = ("--data", str(tmp_path / "demo"))

    first = demo(*arguments, *data, "--json")
    second = demo(*arguments, *data, "--json", "--keep")

    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    names = {row["run"] for each in (first, second) for row in json.loads(each.stdout)}
    assert len(names) == 6


def test_one_message_that_is_taken_away_is_missed_and_its_run_is_named(tmp_path: Path) -> None:
    onward = free_port()
    with lossy_relay(onward) as (address, relay):
        ended = demo(
            *("--simulations", "6", "--data", str(tmp_path / "demo"), "--json"),
            *("--smtp", f"127.0.0.1:{onward}", "--web", "127.0.0.1:0", "--relay", address),
        )

    assert relay.taken, "the relay saw no transfer"
    assert ended.returncode == 1, ended.stderr
    wrong = [row for row in json.loads(ended.stdout) if row["agrees"] != "yes"]
    assert [(row["missing"], row["agrees"]) for row in wrong] == [(1, "missing: 1")]
    assert wrong[0]["run"] in relay.taken["dirTo"]
    assert f"1 of 6 runs do not agree with what was sent: {wrong[0]['run']}" in ended.stderr


def test_a_platform_that_takes_no_mail_is_not_waited_for(tmp_path: Path) -> None:
    ended = demo(
        *("--simulations", "2", "--data", str(tmp_path / "demo")),
        *(*ANY, "--relay", f"127.0.0.1:{free_port()}"),
    )

    assert ended.returncode == 3
    assert "the platform takes no messages" in ended.stderr


def test_the_dashboard_is_announced(tmp_path: Path) -> None:
    shown = Process("demo", "--data", str(tmp_path / "demo"), "--simulations", "2", *ANY)
    try:
        shown.heard(r"^Dashboard: http://127\.0\.0\.1:\d+$")
        shown.heard("^2 runs begin")
    finally:
        assert shown.stop() == 0


def test_whatever_it_hangs_on_it_ends_and_says_where() -> None:
    script = """
from prodiguer.cli.demo import settling
settling.LAST_RESORT = 0.3
import threading
with settling.watch() as running:
    running.wind()
    threading.Event().wait()
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 1
    assert "Timeout" in ended.stderr
    assert "<string>" in ended.stderr
