"""An installed app whose handler is the death of its process, on one message among others."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from live import Process, Up

pytestmark = pytest.mark.slow

APP = """import os, signal, sys
from prodiguer import App, JobFailed

app = App("deadly")


@app.on(JobFailed)
def work(message, context):
    print("at work")
    context.values.put(message.uid, context.settings["found"])
    if message.get("command") == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
"""
RUN = {"simuid": "6d773248-70eb-4a49-8ede-2590b18b68f3", "msgProducer": "libigcm",
       "msgProducerVersion": "2.8.4", "msgTimestamp": "2026-01-01T00:00:00.000000Z",
       "msgCode": "1999"}  # fmt: skip


def said(number: int, **more: str) -> dict[str, Any]:
    uid = f"00000000-0000-4000-8000-{number:012d}"
    return {**RUN, **more, "msgUID": uid, "jobuid": uid}


def installed(place: Path) -> dict[str, str]:
    """An environment with the app in it, and a setting that it needs."""
    described = place / "prodiguer_deadly-1.dist-info"
    described.mkdir(parents=True)
    (place / "prodiguer_deadly.py").write_text(APP)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: prodiguer-deadly\nVersion: 1")
    (described / "entry_points.txt").write_text("[prodiguer.apps]\ndeadly = prodiguer_deadly:app\n")
    return {"PYTHONPATH": str(place), "PRODIGUER_APPS__DEADLY__FOUND": "yes"}


def life(data: Path, environ: dict[str, str], up: Up) -> tuple[int, str]:
    """Of one process of the app, until it dies or has nothing to do: exit code, log."""
    process = Process("--data", str(data), "run", "deadly", environ=environ)
    while process.running:
        (queue,) = (q for q in up.get("/api/v1/stats")["queues"] if q["name"] == "prod.deadly")
        if not queue["ready"] + queue["unacked"]:
            break
        time.sleep(0.1)
    return process.stop(), "".join(process.said)


def test_a_message_that_kills_its_app_is_found_by_a_trial(tmp_path: Path) -> None:
    data, environ = tmp_path / "data", installed(tmp_path / "site")
    up = Up(data, "--without", "deadly", environ=environ)
    try:
        up.post([said(n) for n in range(10)])
        up.post([said(10, command="die"), *(said(n) for n in range(11, 20))])
        up.settle(but=["prod.deadly"])

        lives = [life(data, environ, up) for _ in range(3)]

        assert [code for code, _ in lives] == [-signal.SIGSEGV, -signal.SIGSEGV, 0]
        assert lives[-1][1].count('"verdict": "died"') == 2
        (letter,) = up.get("/api/v1/dead-letters")["items"]
        assert (letter["reason"], letter["app"]) == ("crash: killed the process", "deadly")
        assert '"handled": 19' in lives[-1][1]
    finally:
        assert up.stop() == 0
