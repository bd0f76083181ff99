"""The clients of the live benchmarks, in a process of its own.

Run as a program with one argument, JSON of `Crowd`: connects the clients, says `ready`, then obeys
one line of JSON at a time on standard input and answers with one. `{"flood": …}` receives so many
events that it asks for itself; `{"listen": …}` receives until there is another line, `{}`.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sockets import Line

#: Seconds without a single event after which something is wrong.
PATIENCE = 60.0


@dataclass
class Crowd:
    """Who listens.

    Args:
        port: of the server.
        path: with its parameters.
        clients: so many that read.
        whole: so many of them, spread evenly, read every event; the others count.
        stalled: so many more that never read.
    """

    port: int
    path: str
    clients: int
    whole: int
    stalled: int = 0

    def connect(self) -> list[Line]:
        step = max(1, self.clients // max(1, self.whole))
        return [
            Line(self.port, self.path, whole=n % step == 0 and n // step < self.whole)
            for n in range(self.clients)
        ]


class Receiver:
    """All clients and what came to them."""

    def __init__(self, crowd: Crowd) -> None:
        self.stalled = [Line(crowd.port, crowd.path, room=4096) for _ in range(crowd.stalled)]
        self.lines = crowd.connect()
        self._selector = selectors.DefaultSelector()
        for line in self.lines:
            self._selector.register(line.socket, selectors.EVENT_READ, line)

    def receive(self, seconds: float) -> bool:
        """Take what comes within so long; whether anything did."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            assert key.data.receive(), "the server has closed a line"
        return bool(ready)

    def until(self, count: int, *, all_of: Callable[[], bool] | None = None) -> None:
        """Receive until every client has had so many events, or a condition holds."""
        done = all_of or (lambda: all(line.count >= count for line in self.lines))
        deadline = time.monotonic() + PATIENCE
        while not done():
            if self.receive(0.1):
                deadline = time.monotonic() + PATIENCE
            assert time.monotonic() < deadline, f"{min(x.count for x in self.lines)} of {count}"


def flood(receiver: Receiver, events: int, window: int, feed: Callable[[int], None]) -> float:
    """Seconds for so many events to everybody, never more than a window ahead of the slowest."""
    base = min(line.count for line in receiver.lines)
    fed, began = 0, time.perf_counter()
    while fed < events:
        receiver.until(base + fed - window)
        portion = min(window // 4, events - fed)
        feed(portion)
        fed += portion
    receiver.until(base + events)
    return time.perf_counter() - began


def log_feed(data: str) -> Callable[[int], None]:
    """Writes events of jobs that are there into the log of a platform."""
    database = sqlite3.connect(Path(data) / "prodiguer.db", isolation_level=None, timeout=30)
    database.execute("pragma synchronous=full")
    jobs = database.execute("select uid, simulation_uid from jobs order by uid").fetchall()
    place = 0

    def feed(count: int) -> None:
        nonlocal place
        chosen = [jobs[(place + n) % len(jobs)] for n in range(count)]
        place += count
        now = int(time.time() * 1e6)
        database.execute("begin immediate")
        database.executemany(
            "insert into events (at, type, uid, simulation_uid) values (?, 'job', ?, ?)",
            [(now, uid, run) for uid, run in chosen],
        )
        database.execute("commit")

    return feed


def bare_feed(port: int) -> Callable[[int], None]:
    """Asks the bare server for so many events."""
    control = socket.create_connection(("127.0.0.1", port))
    return lambda count: control.sendall(b"%d\n" % count)


def account(receiver: Receiver, events: int) -> dict[str, int]:
    """Who missed what, by the counts of all and by the numbers that some read."""
    lost = sum(max(0, events - line.count) for line in receiver.lines)
    doubled = sum(max(0, line.count - events) for line in receiver.lines)
    for line in receiver.lines:
        if line.whole:
            numbers = [event[0] for event in line.events]
            lost += events - len(set(numbers))
            doubled += len(numbers) - len(set(numbers))
            assert numbers == sorted(numbers), "out of order"
    return {"lost": lost, "doubled": doubled}


def obey(receiver: Receiver, order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one line of standard input."""
    if "flood" in order:
        feed = log_feed(order["data"]) if "data" in order else bare_feed(order["control"])
        seconds = flood(receiver, order["flood"], order["window"], feed)
        frames = sum(line.frames for line in receiver.lines) / len(receiver.lines)
        size = sum(line.size for line in receiver.lines) / len(receiver.lines)
        told = account(receiver, order["flood"])
        return {"seconds": seconds, "frames": frames, "bytes": size, **told}
    listen(receiver)
    return {
        "counts": [line.count for line in receiver.lines],
        "events": [line.events for line in receiver.lines if line.whole],
    }


def listen(receiver: Receiver) -> None:
    """Receive until there is another line on standard input, and then what is still on its way."""
    with selectors.DefaultSelector() as orders:
        orders.register(sys.stdin, selectors.EVENT_READ)
        while not orders.select(0):
            receiver.receive(0.05)
    while receiver.receive(1.0):
        pass


def main() -> None:
    receiver = Receiver(Crowd(**json.loads(sys.argv[1])))
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in iter(sys.stdin.readline, ""):
        if order := json.loads(line):
            print(json.dumps(obey(receiver, order)), flush=True)


if __name__ == "__main__":
    main()
