"""`embedded`: HTTP intake → embedded queue → sim-mon → SQLite, beside its limit and its peer."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import peers
from benchmarks.calibration import decode_rate
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.intake import read_element
from prodiguer.wire.origin import Origin

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from generate import batches, messages  # the path above leads to it
from ledger import states_stored, states_told
from live import Process, Up

BATCH = 500
COUNT = 30_000
PATIENCE = 600.0
#: Seconds between looks at the queue: looking costs the platform something, too.
POLL = 0.1
OTHERS = ("archive", "metrics", "smtp-notify", "webhook")


def run(runs: int = 3, count: int | None = None, *, quick: bool = False) -> dict[str, Any]:
    """The figure, its limit and its peer, taken in turn.

    Args:
        runs: how often each is measured.
        count: messages of one run.
        quick: as little as shows that it works.
    """
    count = 500 if quick else count or COUNT
    said = list(messages(count, seed=1))
    bodies = [json.dumps(batch).encode() for batch in batches(said, BATCH)]
    figures: dict[str, list[float]] = {"value": [], "limit": [], "parsl": [], "calibration": []}
    for number in range(runs):
        print(f"run {number + 1} of {runs} …", file=sys.stderr)
        figures["calibration"].append(decode_rate())
        figures["value"].append(_platform(said, bodies))
        figures["limit"].append(_bare(bodies, count))
        figures["parsl"].append(float(peers.run("parsl_monitoring.py", str(count))))
    middle = {name: median(values) for name, values in figures.items()}
    return {
        "name": "embedded",
        "value": middle["value"],
        "unit": "messages/s",
        "limit": middle["limit"],
        "ratio": middle["value"] / middle["limit"],
        "peers": {"parsl": middle["parsl"], "ratio_to_parsl": middle["value"] / middle["parsl"]},
        "calibration": middle["calibration"],
        "runs": figures,
        "messages": count,
        "lost": 0,
        "doubled": 0,
    }


def _platform(said: Sequence[dict[str, Any]], bodies: Sequence[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        without = [word for app in (*OTHERS, "sim-mon") for word in ("--without", app)]
        up = Up(data, *without)
        # A process for the door and one for the consumer, as on any machine with two cores.
        sim_mon = Process("--data", str(data), "run", "sim-mon")
        try:
            sim_mon.heard("^apps: sim-mon")
            depth = _depth_of(up)
            seconds = _timed(up.web, "/api/v1/messages", bodies, lambda: depth() == 0)
        finally:
            sim_mon.stop()
            up.stop()
        _check(data, said)
    return len(said) / seconds


def _depth_of(up: Up) -> Callable[[], int]:
    def depth() -> int:
        queues = up.get("/api/v1/stats")["queues"]
        return sum(q["ready"] + q["unacked"] for q in queues if q["name"] == "prod.sim-mon")

    return depth


def _bare(bodies: Sequence[bytes], count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare_embedded", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert server.stdout
        assert server.stdin
        port = int(server.stdout.readline())

        def empty() -> bool:
            line = http.client.HTTPConnection("127.0.0.1", port)
            line.request("GET", "/depth")
            depth = json.load(line.getresponse())["depth"]
            line.close()
            return bool(depth == 0)

        try:
            return count / _timed(port, "/messages", bodies, empty)
        finally:
            server.stdin.close()
            server.wait(30)
            server.stdout.close()


def _timed(port: int, path: str, bodies: Sequence[bytes], done: Callable[[], bool]) -> float:
    """Seconds from the first request until the last message has had its effect."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    began = time.perf_counter()
    for body in bodies:
        line.request("POST", path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 202, answer.status
    line.close()
    deadline = began + PATIENCE
    while not done():
        assert time.perf_counter() < deadline, "the queue does not drain"
        time.sleep(POLL)
    return time.perf_counter() - began


def _check(data: Path, said: Sequence[dict[str, Any]]) -> None:
    """No figure for a run that lost, doubled or misplaced one message."""
    told = states_told(_read(said))
    stored = states_stored(data)
    assert stored == told, "the states are not those that the messages tell"


def _read(said: Sequence[dict[str, Any]]) -> list[Any]:
    origin = Origin(door="http", mode="prod", user="http", received_at=datetime.now(UTC))
    catalog = Catalog.installed()
    return [read_element(json.dumps(message).encode(), origin, catalog) for message in said]
