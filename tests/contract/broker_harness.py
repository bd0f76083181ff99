"""The brokers under contract. A new adapter is one more class here and one more fixture param."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from broker_kit import QUEUES

from prodiguer.ports.transport import Consumer, Queue, Transport
from prodiguer.transport import connect

WORKER = Path(__file__).with_name("broker_worker.py")


class Worker:
    """A process that uses the broker; see broker_worker.py for what it can do."""

    def __init__(self, output: Path, arguments: list[str], fault: str) -> None:
        self.output = output
        with output.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, str(WORKER), *arguments],
                stdout=file,
                env=os.environ | {"PRODIGUER_FAULT": fault},
            )

    def lines(self) -> list[str]:
        """Complete ones only."""
        return self.output.read_text().split("\n")[:-1]

    def said(self, text: str) -> bool:
        if self._process.poll() not in (None, 0, -signal.SIGKILL):
            raise AssertionError(f"the worker ended with {self._process.returncode}")
        return text in self.lines()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def wait(self) -> int:
        return self._process.wait(60)


class EmbeddedHarness:
    """The embedded broker in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.url = "embedded:"
        self.data = directory / "data"
        self._directory = directory
        self._open: list[Transport] = []
        self._workers: list[Worker] = []

    def connect(self, queues: tuple[Queue, ...] = QUEUES) -> Transport:
        transport = connect(self.url, data=self.data)
        self._open.append(transport)
        transport.declare(queues)
        return transport

    def worker(self, *arguments: object, fault: str = "") -> Worker:
        number = len(self._workers)
        words = [self.url, str(self.data), *map(str, arguments)]
        worker = Worker(self._directory / f"worker-{number}.txt", words, fault)
        self._workers.append(worker)
        return worker

    def crash(self, consumer: Consumer) -> None:
        """What the death of its process does, and nothing more: the kernel drops its locks."""
        consumer._owner.drop()

    def close(self) -> None:
        for worker in self._workers:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
        for transport in self._open:
            transport.close()


HARNESSES = {"embedded": EmbeddedHarness}
