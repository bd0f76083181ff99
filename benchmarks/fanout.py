"""`fanout`: from the log to the sockets of many clients, beside Tornado's loop with raw frames.

The log is written by the clients' own process, a portion whenever the slowest of them has come
near, so that the figure is of the fan-out alone.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.calibration import decode_rate
from benchmarks.live_servers import bare, cpu, crowd, fill, resident, share, web

EACH = "/api/v1/live?coalesce=no"
NEWEST = "/api/v1/live"
#: Of that many clients some read every event: a loss that equals a repeat is seen by them.
WHOLE = 3


@dataclass(frozen=True)
class Size:
    """How much of it.

    Args:
        few: clients of the one measurement of rate.
        many: of the other, and of that of latency.
        stalled: clients that do not read.
        deliveries: of one measurement.
        seconds: of the one of latency.
        rate: events a second there.
        messages: that fill the platform with runs and jobs.
    """

    few: int = 100
    many: int = 1000
    stalled: int = 50
    deliveries: int = 500_000
    seconds: float = 10.0
    rate: int = 200
    messages: int = 3000


QUICK = Size(5, 10, 2, 1000, 1.0, 50, 200)


def run(runs: int = 3, count: int | None = None, *, quick: bool = False) -> dict[str, Any]:
    """The figures and their limits, taken in turn.

    Args:
        runs: how often each is measured.
        count: deliveries of one measurement.
        quick: as little as shows that it works.
    """
    size = QUICK if quick else Size(deliveries=count or Size.deliveries)
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), fill(Path(folder) / "data", size.messages), size)
        for number in range(runs):
            print(f"run {number + 1} of {runs} …", file=sys.stderr)
            for name, value in _once(place).items():
                took.setdefault(name, []).append(value)
    middle = {name: median(values) for name, values in took.items()}
    return {
        "name": "fanout",
        "value": middle["few"],
        "unit": "deliveries/s",
        "limit": middle["bare_few"],
        "ratio": middle["few"] / middle["bare_few"],
        "peers": {},
        "more": _more(middle, size),
        "calibration": middle["calibration"],
        "runs": took,
        "lost": 0,
        "doubled": 0,
    }


def _more(middle: dict[str, float], size: Size) -> dict[str, Any]:
    return {
        f"to {size.many} clients (deliveries/s)": middle["many"],
        f"limit to {size.many} clients": middle["bare_many"],
        f"ratio to {size.many} clients": middle["many"] / middle["bare_many"],
        "processor time of a delivery (us)": middle["few_cpu"],
        "of the limit (us)": middle["bare_few_cpu"],
        f"to {size.many} clients (us)": middle["many_cpu"],
        f"of the limit to {size.many} clients (us)": middle["bare_many_cpu"],
        "events a frame": middle["events_a_frame"],
        "limit with as many events a frame": middle["bare_batched"],
        "ratio to it": middle["few"] / middle["bare_batched"],
        f"with {size.stalled} stalled clients (deliveries/s)": middle["stalled"],
        "p50 (ms)": middle["p50"],
        "p99 (ms)": middle["p99"],
        "memory a client (bytes)": middle["memory"],
    }


@dataclass(frozen=True)
class Place:
    """Where the benchmark is: its directory, the platform's jobs, how much is measured."""

    folder: Path
    jobs: list[Any]
    size: Size


def _once(place: Place) -> dict[str, float]:
    size = place.size
    ours = _rate(place, _platform, size.few)
    batch = max(1, round(ours["events_a_frame"]))
    return {
        "calibration": decode_rate(),
        "events_a_frame": ours["events_a_frame"],
        **_named("few", ours),
        **_named("bare_few", _rate(place, _bare, size.few)),
        **_named("bare_batched", _rate(place, _batched(batch), size.few)),
        **_named("many", _rate(place, _platform, size.many)),
        **_named("bare_many", _rate(place, _bare, size.many)),
        **_named("stalled", _rate(place, _platform, size.few, stalled=size.stalled)),
        **_delays(place),
    }


def _named(name: str, rate: dict[str, float]) -> dict[str, float]:
    return {name: rate["rate"], f"{name}_cpu": rate["cpu"]}


#: A server: its port and its process id, the path of the stream, how it is told of events.
Server = tuple[int, int, str, dict[str, Any]]
Starting = Callable[[Place], Any]


@contextmanager
def _platform(place: Place) -> Iterator[Server]:
    data = place.folder / "data"
    with web(data) as (port, pid):
        yield port, pid, EACH, {"data": str(data)}


@contextmanager
def _bare(place: Place, a_frame: int = 1) -> Iterator[Server]:
    with bare(place.folder / "bare", place.jobs, a_frame) as (port, control, pid):
        yield port, pid, "/live", {"control": control}


def _batched(a_frame: int) -> Starting:
    return lambda place: _bare(place, a_frame)


def _rate(place: Place, server: Starting, clients: int, stalled: int = 0) -> dict[str, float]:
    """Deliveries a second, the server's processor time for each in µs, events a frame."""
    events = max(50, place.size.deliveries // clients)
    window = max(50, min(500, 20_000 // clients))
    with (
        server(place) as (port, pid, path, feed),
        crowd(port, path, clients, WHOLE, stalled) as receiver,
    ):
        before = cpu(pid)
        done = receiver.ask({"flood": events, "window": window, **feed})
        used = cpu(pid) - before
    assert (done["lost"], done["doubled"]) == (0, 0), done
    return {
        "rate": events * clients / done["seconds"],
        "cpu": used / (events * clients) * 1e6,
        "events_a_frame": events / max(1, done["frames"]),
    }


def _delays(place: Place) -> dict[str, float]:
    """Milliseconds from the commit of an event to a client, coalesced; bytes a client."""
    size, data = place.size, place.folder / "data"
    with web(data) as (port, pid):
        with crowd(port, NEWEST, 1, 1):
            before = resident(pid)
        with crowd(port, NEWEST, size.many, 20, size.stalled) as receiver:
            memory = (resident(pid) - before) / (size.many + size.stalled)
            receiver.say({"listen": True})
            written = _write(data, size)
            delays = _delays_of(receiver.ask({}), written)
    return {
        "p50": share(delays, 0.5) * 1000,
        "p99": share(delays, 0.99) * 1000,
        "memory": max(0.0, memory),
    }


def _write(data: Path, size: Size) -> dict[int, tuple[str, float]]:
    """Write events at an even rate: of each number the job and when it was committed."""
    written: dict[int, tuple[str, float]] = {}
    database = sqlite3.connect(data / "prodiguer.db", isolation_level=None, timeout=30)
    jobs = database.execute("select uid, simulation_uid from jobs order by uid").fetchall()
    began, turn = time.monotonic(), 0
    portion = max(1, size.rate // 25)
    while (now := time.monotonic() - began) < size.seconds:
        if turn >= now * size.rate:
            time.sleep(0.005)
            continue
        database.execute("begin immediate")
        numbers = {}
        for uid, run in (jobs[(turn + n) % len(jobs)] for n in range(portion)):
            done = database.execute(
                "insert into events (at, type, uid, simulation_uid) values (?, 'job', ?, ?)",
                (int(time.time() * 1e6), uid, run),
            )
            numbers[done.lastrowid or 0] = uid
        turn += portion
        database.execute("commit")
        at = time.monotonic()
        written.update({number: (uid, at) for number, uid in numbers.items()})
    database.close()
    return written


def _delays_of(heard: Any, written: dict[int, tuple[str, float]]) -> list[float]:
    """The delays of all events that came; of each job the newest must have come."""
    newest = {uid: number for number, (uid, _) in written.items()}
    delays = []
    for events in heard["events"]:
        numbers = [number for number, *_ in events]
        assert numbers == sorted(set(numbers)), "out of order, or twice"
        assert set(newest.values()) <= set(numbers), "the newest event of a job did not come"
        delays += [at - written[number][1] for number, _, _, at in events]
    return delays
