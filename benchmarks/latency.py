"""`latency`: from the request that brings a message to a client's socket, beside the bare path.

The clients ask for what pages of runs show; each start of a job in the mix is waited for until its
row has changed: it has then passed the whole fold. The limit tells every client every message.
"""

from __future__ import annotations

import http.client
import json
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.calibration import decode_rate
from benchmarks.live_servers import bare, crowd, platform, settle, share

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from generate import batches, mail, messages  # the path above leads to it

CLIENTS, WHOLE = 100, 10
PATH = "/api/v1/live?type=simulation,job,dead-letter"
#: Messages a second, in requests of a few.
RATE, BATCH = 500, 5
#: Connections that send.
SENDERS = 4
COUNT = 5000
#: Of a warm-up: what is started for the first time is not measured.
WARM = 500

Sending = Callable[[Sequence[dict[str, Any]]], object]
Told = dict[str, float]


def run(runs: int = 3, count: int | None = None, *, quick: bool = False) -> dict[str, Any]:
    """The figure, its limit, and the same by mail, taken in turn.

    Args:
        runs: how often each is measured.
        count: messages of one measurement.
        quick: as little as shows that it works.
    """
    count = 100 if quick else count or COUNT
    clients = 5 if quick else CLIENTS
    took: dict[str, list[float]] = {}
    for number in range(runs):
        print(f"run {number + 1} of {runs} …", file=sys.stderr)
        once = {"calibration": decode_rate()}
        once |= _platform(count, clients, "http")
        once |= _bare(count, clients)
        once |= _platform(count, clients, "mail")
        for name, value in once.items():
            took.setdefault(name, []).append(value)
    middle = {name: median(values) for name, values in took.items()}
    return {
        "name": "latency",
        "value": middle["http_p99"],
        "unit": "ms (p99)",
        "limit": middle["bare_p99"],
        "ratio": middle["bare_p99"] / middle["http_p99"],
        "peers": {},
        "more": _more(middle),
        "calibration": middle["calibration"],
        "runs": took,
        "lost": 0,
        "doubled": 0,
    }


def _more(middle: dict[str, float]) -> dict[str, float]:
    return {
        "p50 (ms)": middle["http_p50"],
        "limit p50 (ms)": middle["bare_p50"],
        "by mail: p50 (ms)": middle["mail_p50"],
        "by mail: p99 (ms)": middle["mail_p99"],
    }


def _platform(count: int, clients: int, door: str) -> dict[str, float]:
    said = list(messages(WARM + count, seed=3, runs=200))
    with tempfile.TemporaryDirectory() as folder, platform(Path(folder) / "data") as up:
        _send(said[:WARM], lambda: _by_http(up.web, "/api/v1/messages"))
        settle(up)
        with crowd(up.web, PATH, clients, min(WHOLE, clients)) as receiver:
            time.sleep(1.0)  # what is left of the warm-up is told
            make = {
                "http": lambda: _by_http(up.web, "/api/v1/messages"),
                "mail": lambda: _by_mail(up.smtp),
            }[door]
            receiver.say({"listen": True})
            sent = _send(said[WARM:], make)
            settle(up)
            heard = receiver.ask({})
    starts = {m["jobuid"]: sent[m["msgUID"]] for m in said[WARM:] if m["msgCode"] == "1000"}
    return _shares(door, _delays(heard["events"], starts))


def _bare(count: int, clients: int) -> dict[str, float]:
    said = list(messages(count, seed=3, runs=200))
    with (
        tempfile.TemporaryDirectory() as folder,
        bare(Path(folder), []) as (port, *_),
        crowd(port, "/live", clients, min(WHOLE, clients)) as receiver,
    ):
        receiver.say({"listen": True})
        sent = _send(said, lambda: _by_http(port, "/messages"))
        heard = receiver.ask({})
    assert set(heard["counts"]) == {count}, "a client has too few events, or too many"
    return _shares("bare", _delays(heard["events"], sent))


def _by_http(port: int, path: str) -> Sending:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(batch: Sequence[dict[str, Any]]) -> None:
        line.request("POST", path, json.dumps(batch), {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 202, answer.status

    return send


def _by_mail(port: int) -> Sending:
    session = smtplib.SMTP("127.0.0.1", port, timeout=60)

    def send(batch: Sequence[dict[str, Any]]) -> None:
        session.sendmail("jobs@centre.example", ["prodiguer@platform.example"], mail(batch))

    return send


def _send(said: Sequence[dict[str, Any]], make: Callable[[], Sending]) -> Told:
    """Send at an even rate over some connections: of each message when it went."""
    sent: Told = {}
    work = list(enumerate(batches(said, BATCH)))
    began = time.monotonic() + 0.1

    def sender(first: int) -> None:
        send = make()
        for number, batch in work[first::SENDERS]:
            time.sleep(max(0.0, began + number * BATCH / RATE - time.monotonic()))
            now = time.monotonic()
            sent.update({m["msgUID"]: now for m in batch})
            send(batch)

    threads = [threading.Thread(target=sender, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == len(said), "a sender has failed"
    return sent


def _delays(heard: Sequence[Any], sent: Told) -> list[float]:
    """Seconds from sending until each client heard of a job first; nobody may have missed one."""
    delays = []
    for events in heard:
        numbers = [number for number, *_ in events]
        assert numbers == sorted(set(numbers)), "out of order, or twice"
        first: Told = {}
        for _, type_, uid, at in events:
            if type_ == "job":
                first.setdefault(uid, at)
        assert sent.keys() <= first.keys(), f"{len(sent.keys() - first.keys())} did not come"
        delays += [first[uid] - at for uid, at in sent.items()]
    return delays


def _shares(name: str, delays: Sequence[float]) -> dict[str, float]:
    return {f"{name}_p{p}": share(delays, p / 100) * 1000 for p in (50, 99)}
