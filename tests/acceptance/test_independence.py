"""Apps are processes of their own, not one loop dressed as a platform."""

from __future__ import annotations

import base64
import json
import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest

from live import Process, Up, wait_for

pytestmark = pytest.mark.slow


def run_of(messages: int) -> list[dict[str, str]]:
    """A run that starts and then tells of its periods."""
    run, job = str(uuid.uuid4()), str(uuid.uuid4())
    said = {"simuid": run, "jobuid": job, "msgProducer": "libigcm", "msgProducerVersion": "2.8.4"}
    start = {**said, "msgCode": "0000", "name": run[:8], "centre": "TGCC", "machine": "irene",
             "login": "amartin", "model": "IPSLCM6", "space": "TEST"}  # fmt: skip
    period = {**said, "msgCode": "1001", "CumulPeriod": "1", "PeriodDateBegin": "18500101",
              "PeriodDateEnd": "18500131"}  # fmt: skip
    return [
        {**(start if number == 0 else period), "msgUID": str(uuid.uuid4()),
         "msgTimestamp": f"2026-01-01T00:00:00.{number:06d}Z"}
        for number in range(messages)
    ]  # fmt: skip


def mail_of(messages: list[dict[str, str]]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "jobs@centre.example", "prodiguer@platform.example"
    mail["Date"] = "Thu, 01 Jan 2026 00:00:00 +0000"
    lines = (base64.b64encode(json.dumps(m).encode() + b"\n").decode() for m in messages)
    mail.set_content("\n".join(lines))
    return mail.as_bytes()


def test_an_app_that_is_stopped_waits_in_its_queue_and_catches_up_elsewhere(tmp_path: Path) -> None:
    up = Up(tmp_path, "--without", "sim-mon")
    try:
        runs = [run_of(50) for _ in range(20)]
        for run in runs:
            up.send_mail(mail_of(run))
        up.settle(but=["prod.sim-mon"])

        assert len(up.items("/api/v1/messages")) == 1000
        assert up.get("/api/v1/simulations?tries=all")["total"] == 0
        depth = {q["name"]: q["ready"] + q["unacked"] for q in up.get("/api/v1/stats")["queues"]}
        assert depth["prod.sim-mon"] == 1000
        assert depth["prod.archive"] == 0

        sim_mon = Process("--data", str(tmp_path), "run", "sim-mon")
        try:
            up.settle()
            states = {run["uid"]: run["state"] for run in up.items("/api/v1/simulations?tries=all")}
            assert states.keys() == {run[0]["simuid"] for run in runs}
        finally:
            assert sim_mon.stop() == 0
    finally:
        assert up.stop() == 0


def test_a_second_process_of_a_role_is_refused(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        second = Process("--data", str(tmp_path), "run", "sim-mon")
        wait_for(lambda: not second.running, "the second sim-mon to be refused")

        assert second.stop() == 4
        assert "sim-mon runs already" in "".join(second.said)
        assert "Traceback" not in "".join(second.said)
    finally:
        assert up.stop() == 0
