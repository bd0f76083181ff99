"""Says what the runs say, each message when it is due; some of it late, some of it twice.

What lies before the demonstration is sent at its beginning, the newest first, so that a page that
is opened at once has something to show.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from prodiguer.cli.demo.places import HOOK
from prodiguer.cli.demo.story import Run, Step
from prodiguer.cli.demo.ways import Way

#: Steps of a run's past that are sent first, and messages in one of the mails behind them.
NEWEST = 16
WINDOW = 250
#: The share of live mails that come late or twice, and by how many seconds at most.
LATE, TWICE, DELAY = 0.05, 0.05, 6.0
#: How many steps of a run are one mail where all is said at once.
TOGETHER = 6
#: Seconds between the last message and the present where all is said at once: time to be late.
REST = 90.0

Batch = Sequence[tuple[float, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Mail:
    """Messages, each with its time, that leave together, at ``due`` seconds."""

    due: float
    run: Run
    batch: Batch


class Replay:
    """The messages of a demonstration, in the order in which they leave the centres.

    Args:
        runs: what is to be said.
        ways: how, by the names of the runs' machines.
        speed: how many times faster than the normal pace; 0 sends without waiting.
        seed: decides which mails are late and which are sent twice.
    """

    def __init__(
        self, runs: Sequence[Run], ways: Mapping[str, Way], speed: float, seed: int
    ) -> None:
        chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
        self._ways, self._speed = ways, speed
        self.past = list(_past(runs))
        live = [mail for run in runs for mail in _live(chance, run)]
        self.live = sorted(live, key=lambda mail: mail.due)
        if not speed:
            self.live = list(_together(self.live))
        #: Of each run's uid every message that it has said, by id, as it was sent.
        self.said: dict[str, dict[str, Mapping[str, Any]]] = {run.uid: {} for run in runs}
        self._origin = datetime.now(UTC)

    def __len__(self) -> int:
        """How many mails there are."""
        return len(self.past) + len(self.live)

    def send(self, stop: threading.Event, note: Callable[[bool], object] = bool) -> None:
        """Send all of it, or until `stop` is set.

        Args:
            stop: looked at between two mails.
            note: told after each mail whether everything was taken so far.
        """
        began = time.monotonic()
        self._origin = datetime.now(UTC)
        if not self._speed:
            # Said at once, it must have happened before: nothing comes from the future.
            last = max((at for mail in self.live for at, _ in mail.batch), default=0.0)
            self._origin -= timedelta(seconds=max(last, 0.0) + REST)
        for mail in (*self.past, *self.live):
            if self._speed and mail.due > 0:
                stop.wait(max(0.0, began + mail.due / self._speed - time.monotonic()))
            if stop.is_set():
                return
            note(self._send(mail))

    def _send(self, mail: Mail) -> bool:
        said = self.said[mail.run.uid]
        for at, message in mail.batch:
            # Said again, it is the same to the letter.
            said.setdefault(message["msgUID"], {**message, "msgTimestamp": self._time(at)})
        return self._ways[mail.run.who.machine.way].send(
            [said[message["msgUID"]] for _, message in mail.batch]
        )

    def _time(self, at: float) -> str:
        shown = at / self._speed if self._speed and at > 0 else at
        moment = self._origin + timedelta(seconds=shown)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "000Z")


def _batch(steps: Iterable[Step]) -> Batch:
    """The messages of a step follow each other within milliseconds."""
    return [
        (step.at + index / 1000, message)
        for step in steps
        for index, message in enumerate(step.messages)
    ]


def _past(runs: Sequence[Run]) -> Iterator[Mail]:
    """Of all runs first the newest, then the rest by turns."""
    pasts = {run.uid: [step for step in run.steps if step.at < 0] for run in runs}
    rest = []
    for run in sorted(runs, key=lambda run: -run.steps[-1].at):
        if steps := pasts[run.uid]:
            yield Mail(steps[0].at, run, _batch([steps[0], *steps[1:][-NEWEST:]]))
            older = _batch(steps[1:][:-NEWEST])
            rest.append([
                Mail(older[start][0], run, older[start : start + WINDOW])
                for start in range(0, len(older), WINDOW)
            ])  # fmt: skip
    for turn in zip_longest(*rest):
        yield from filter(None, turn)


def _live(chance: random.Random, run: Run) -> Iterator[Mail]:
    for step in run.steps:
        if step.at < 0:
            continue
        due = step.at
        if chance.random() < LATE:
            due += chance.uniform(2.0, DELAY)  # and so out of order
        yield Mail(due, run, _batch([step]))
        if chance.random() < TWICE:
            yield Mail(due + 1.0, run, _batch([step]))


def _together(mails: Iterable[Mail]) -> Iterator[Mail]:
    """Where nobody looks on, several steps of a run leave together; of a job script all."""
    waiting: dict[str, list[Mail]] = {}
    for mail in mails:
        steps = waiting.setdefault(mail.run.uid, [])
        steps.append(mail)
        if len(steps) == TOGETHER and mail.run.who.machine.way != HOOK:
            yield _joined(waiting.pop(mail.run.uid))
    for steps in waiting.values():
        yield _joined(steps)


def _joined(mails: Sequence[Mail]) -> Mail:
    return Mail(mails[-1].due, mails[-1].run, [each for mail in mails for each in mail.batch])
