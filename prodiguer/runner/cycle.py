"""One round of an app: take, decode, handle and commit, publish, acknowledge.

The order is the guarantee. What is acknowledged is committed and its answers are published; a
death at any point leaves the deliveries in the queue, and the inbox absorbs what was committed
before it. A failure at any point leaves the round where it was: the next call goes on from there
with the same batch, which this consumer holds meanwhile.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from prodiguer import faults
from prodiguer.ports.clock import Clock
from prodiguer.ports.transport import Consumer, Delivery
from prodiguer.runner import dead_letters
from prodiguer.runner.alarm import CrashAlarm
from prodiguer.runner.batch import Batches, Outcome
from prodiguer.runner.decode import Decoder
from prodiguer.runner.effects import Effects
from prodiguer.runner.gather import gather
from prodiguer.runner.held import Held
from prodiguer.runner.pace import Pace
from prodiguer.runner.publications import Publications
from prodiguer.runner.statistics import Statistics
from prodiguer.runner.suspects import Part, Suspects


class _Committed(NamedTuple):
    """A part whose effects are in the database, and what is left to do for it."""

    part: Part
    outcome: Outcome


class Cycle:
    """The state of one app between taking and acknowledging.

    Args:
        app: its name.
        consumer: of its queue.
        batch: messages in one transaction, at most.
        monotonic: seconds on a clock that never goes back.
    """

    def __init__(
        self,
        app: str,
        consumer: Consumer,
        decode: Decoder,
        batches: Batches,
        suspects: Suspects,
        publications: Publications,
        effects: Effects,
        statistics: Statistics,
        clock: Clock,
        monotonic: Callable[[], float],
        batch: int,
    ) -> None:
        self._app = app
        self._consumer = consumer
        self._decode = decode
        self._batches = batches
        self._suspects = suspects
        self._publications = publications
        self._effects = effects
        self._statistics = statistics
        self._clock = clock
        self._monotonic = monotonic
        self._pace = Pace(batch)
        self._alarm = CrashAlarm(app, monotonic)
        self._taken: list[Delivery] = []
        self._parts: deque[Part] = deque()
        self._committed: _Committed | None = None
        self.held = Held(monotonic)

    @property
    def at_work(self) -> bool:
        """Something was taken and is not yet acknowledged or put off."""
        return bool(self._taken or self._parts or self._committed)

    def round(self, wait: float) -> bool:
        """One part of a batch, from wherever it was; whether there was anything to do.

        Raises:
            Unavailable: the broker or the database is away; call again later.
            Halt: a handler asks for the end of the app; nothing of the batch is done.
            Stopped: the time to finish is over; nothing of the batch is done.
        """
        if not self.at_work and not self._receive(wait):
            return False
        if self._taken:
            self._parts.extend(self._suspects.sort(self._taken))
            self._taken = []
        if self._committed is None:
            self._commit(self._parts[0])
        self.finish()
        return True

    def finish(self) -> None:
        """Publish the answers of what is committed, then acknowledge it.

        Raises:
            Unavailable: not yet; call again later.
        """
        if self._committed is None:
            return
        part, outcome = self._committed
        if outcome.publications:
            self._publications.publish_due()
        faults.point("runner.published")
        postponed = {item.delivery.tag for item, _ in outcome.postponed}
        self._consumer.acknowledge(d for d in part.deliveries if d.tag not in postponed)
        self._committed = None
        for item, after in outcome.postponed:
            self.held.put(item.delivery, after)
        if outcome.effects:
            self._effects.notify()
        faults.point("runner.acknowledged")

    def _receive(self, wait: float) -> bool:
        size = self._pace.size
        self._taken = self.held.due(size)
        if self._taken:
            return True
        if self.held.full:
            time.sleep(self.held.wait(wait))
            return False
        self._taken = gather(self._consumer, size, self.held.wait(wait), self._monotonic)
        self._statistics.received += len(self._taken)
        self._statistics.bytes += sum(len(delivery.body) for delivery in self._taken)
        if self._taken:
            faults.point("runner.received")
        return bool(self._taken)

    def _commit(self, part: Part) -> None:
        began = self._monotonic()
        now = self._clock.now()
        if part.alone and self._suspects.is_killer(part):
            dead = [dead_letters.killer(part.deliveries[0], self._app, now)]
            outcome = self._batches.do([], dead, part.marks)
        else:
            items, dead = self._decode(part.deliveries, now)
            faults.point("runner.decoded")
            outcome = self._batches.do(items, dead, part.marks)
        self._parts.popleft()
        self._committed = _Committed(part, outcome)
        self._suspects.cleared(part)
        self._pace.note(len(part.deliveries), self._monotonic() - began)
        self._count(outcome)
        self._alarm.note(outcome.errors)
        faults.point("runner.after_commit")

    def _count(self, outcome: Outcome) -> None:
        statistics = self._statistics
        statistics.batches += 1
        statistics.handled += outcome.handled
        statistics.duplicates += outcome.duplicates
        statistics.ignored += outcome.ignored
        statistics.dropped += outcome.dropped
        statistics.dead_letters += outcome.dead_letters
        statistics.retries += len(outcome.postponed)
        statistics.errors += outcome.errors
        statistics.rounds += outcome.rounds
