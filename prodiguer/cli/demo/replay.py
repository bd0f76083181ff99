"""Sends the simulated runs as real mails, at a visible pace; some mails late, some twice."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from prodiguer.cli.demo.centre import Run, Step
from prodiguer.client.channels import MailChannel, SendError

VERSION = "2.8.4"


class Replay:
    """The mails of a demonstration in the order in which they leave the centre.

    Args:
        runs: what is to be said.
        channel: the way to the platform.
        speed: how many times faster than the normal pace; 0 sends without waiting.
        seed: decides which mails are late and which are sent twice.
    """

    def __init__(self, runs: Iterable[Run], channel: MailChannel, speed: float, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
        self._channel = channel
        self._speed = speed
        self._origin = datetime.now(UTC)
        self._agenda = sorted(
            (
                (moment, run, step)
                for run in runs
                for step in run.steps
                for moment in self._moments(chance, run, step)
            ),
            key=lambda entry: entry[0],
        )
        #: Of each run's uid, the ids of the messages that it has said.
        self.emitted: dict[str, set[str]] = {}
        #: Every message that was said, once, as it was sent.
        self.said: dict[str, dict[str, Any]] = {}

    @staticmethod
    def _moments(chance: random.Random, run: Run, step: Step) -> list[float]:
        moment = run.begins + step.after
        if chance.random() < 0.05:
            moment += chance.uniform(2.0, 6.0)  # late, and so out of order
        repeats = [moment + 1.0] if chance.random() < 0.05 else []
        return [moment, *repeats]

    def __len__(self) -> int:
        return len(self._agenda)

    def send(self, stop: threading.Event) -> None:
        """Send all of it, or until `stop` is set."""
        began = time.monotonic()
        self._origin = datetime.now(UTC)
        if not self._speed and self._agenda:
            # Said at once, it must have happened before: nothing comes from the future.
            self._origin -= timedelta(seconds=self._agenda[-1][0])
        for moment, run, step in self._agenda:
            if self._speed:
                stop.wait(max(0.0, began + moment / self._speed - time.monotonic()))
            if stop.is_set():
                return
            self._send(run, step, stop)

    def _send(self, run: Run, step: Step, stop: threading.Event) -> None:
        moment = (run.begins + step.after) / (self._speed or 1.0)
        lines = [
            self._line(message, moment + index / 1000)
            for index, message in enumerate(step.messages)
        ]
        while not stop.is_set():
            try:
                self._channel.send(lines)
            except SendError:
                stop.wait(1.0)  # the centre's relay keeps the mail and tries again
                continue
            self.emitted.setdefault(run.uid, set()).update(m["msgUID"] for m in step.messages)
            return

    def _line(self, message: dict[str, Any], moment: float) -> bytes:
        """The message as a job writes it; said again, it is the same to the letter."""
        said = self.said.setdefault(
            message["msgUID"],
            {
                **message,
                "msgProducer": "libigcm",
                "msgProducerVersion": VERSION,
                "msgTimestamp": (self._origin + timedelta(seconds=moment)).isoformat(),
            },
        )
        return json.dumps(said).encode()
