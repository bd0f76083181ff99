"""What the benchmarks of live events start: the platform, the bare server, the clients."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from generate import batches, messages  # the path above leads to it
from live import Process, Up

ROOT = Path(__file__).parents[1]
#: What a run looks like is made by these; the others tell other services.
APPS = ("archive", "sim-mon", "metrics")
OTHERS = ("smtp-notify", "webhook")


class Program:
    """A program of this directory that answers each line on its standard input with a line."""

    def __init__(self, name: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self.first = self.answer()

    @property
    def pid(self) -> int:
        return self._process.pid

    def say(self, order: Any) -> None:
        self._in.write(json.dumps(order) + "\n")
        self._in.flush()

    def answer(self) -> str:
        line = self._out.readline()
        assert line, f"{self._process.args} ended with {self._process.wait(30)}"
        return line

    def ask(self, order: Any) -> Any:
        self.say(order)
        return json.loads(self.answer())

    def stop(self) -> None:
        self._in.close()
        try:
            self._process.wait(30)
        finally:
            self._process.kill()
            self._out.close()


@contextmanager
def crowd(port: int, path: str, clients: int, whole: int, stalled: int = 0) -> Iterator[Program]:
    """So many clients, all of them connected."""
    order = {"port": port, "path": path, "clients": clients, "whole": whole, "stalled": stalled}
    program = Program("receiver", json.dumps(order))
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def bare(folder: Path, objects: Sequence[Any], a_frame: int = 1) -> Iterator[tuple[int, int, int]]:
    """The bare server: its port, the one on which events are asked for, its process id."""
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*.db*"):
        file.unlink()
    (folder / "objects.json").write_text(json.dumps(objects))
    program = Program("bare_live", str(folder), str(a_frame))
    try:
        port, control = map(int, program.first.split())
        yield port, control, program.pid
    finally:
        program.stop()


@contextmanager
def web(data: Path) -> Iterator[tuple[int, int]]:
    """The web process of a platform alone: its port and its process id."""
    process = Process("--data", str(data), "web", environ={"PRODIGUER_WEB__PORT": "0"})
    try:
        port = int(process.heard(r"^HTTP: http://127\.0\.0\.1:(\d+)")[1])
        yield port, process.pid
    finally:
        process.stop()


@contextmanager
def platform(data: Path) -> Iterator[Up]:
    """The doors in a process of their own, the apps in another, as on any machine of two cores."""
    up = Up(data, *(word for app in (*APPS, *OTHERS) for word in ("--without", app)))
    apps = Process("--data", str(data), "run", *APPS)
    try:
        apps.heard("^apps: ")
        yield up
    finally:
        apps.stop()
        up.stop()


def settle(up: Up) -> None:
    """Wait until every message has had its effects."""
    up.settle(but=[f"prod.{app}" for app in OTHERS])


def fill(data: Path, count: int) -> list[Any]:
    """Put so many messages through a platform; its jobs as HTTP gives them."""
    with platform(data) as up:
        for batch in batches(list(messages(count, seed=7)), 500):
            up.post(batch)
        settle(up)
        return up.items("/api/v1/jobs")


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used: other work on the machine is not in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def share(values: Sequence[float], part: float) -> float:
    """The value below which such a part of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
