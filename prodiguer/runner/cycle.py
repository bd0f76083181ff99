"""One round of an app: take, decode, handle and commit, publish, acknowledge.

The order is the guarantee. What is acknowledged is committed and its answers are published; a
death at any point leaves the deliveries in the queue, and the inbox absorbs what was committed
before it. A failure at any point leaves the round where it was: the next call goes on from there
with the same batch, which this consumer holds meanwhile.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from prodiguer import faults
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import DeadLetter
from prodiguer.ports.transport import Consumer, Delivery
from prodiguer.runner import dead_letters
from prodiguer.runner.alarm import CrashAlarm
from prodiguer.runner.at_work import AtWork
from prodiguer.runner.batch import Batches, Item, Outcome
from prodiguer.runner.decode import Decoder
from prodiguer.runner.effects import Effects
from prodiguer.runner.gather import gather
from prodiguer.runner.held import Held
from prodiguer.runner.pace import Pace
from prodiguer.runner.publications import Publications
from prodiguer.runner.statistics import Statistics

#: Messages in one transaction that are done one by one.
_CAREFUL = 100


class Part(NamedTuple):
    """Deliveries that go into one transaction."""

    deliveries: list[Delivery]
    #: Some process held one of them and did not finish: perhaps it was the death of it.
    careful: bool


def _parts(deliveries: list[Delivery]) -> Iterator[Part]:
    if not any(delivery.redelivered for delivery in deliveries):
        yield Part(deliveries, careful=False)
        return
    for start in range(0, len(deliveries), _CAREFUL):
        yield Part(deliveries[start : start + _CAREFUL], careful=True)


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
        at_work: AtWork,
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
        self._at_work = at_work
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
            self._parts.extend(_parts(self._taken))
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
        killers = [d for d in part.deliveries if part.careful and self._at_work.is_killer(d)]
        began = self._monotonic()
        now = self._clock.now()
        dead = [dead_letters.killer(delivery, self._app, now) for delivery in killers]
        items, undecodable = self._decoded(part, killers, now)
        faults.point("runner.decoded")
        care = self._at_work if part.careful else None
        outcome = self._batches.do(items, [*dead, *undecodable], care)
        self._parts.popleft()
        self._committed = _Committed(part, outcome)
        if part.careful:
            for delivery in part.deliveries:
                self._at_work.forget(delivery)
        self._pace.note(len(part.deliveries), self._monotonic() - began)
        self._count(outcome)
        self._alarm.note(outcome.errors)
        faults.point("runner.after_commit")

    def _decoded(
        self, part: Part, killers: Sequence[Delivery], now: datetime
    ) -> tuple[list[Item], list[DeadLetter]]:
        if not part.careful:
            return self._decode(part.deliveries, now)
        items: list[Item] = []
        dead: list[DeadLetter] = []
        for delivery in part.deliveries:
            if delivery in killers:
                continue
            with self._at_work.on(delivery):
                found, refused = self._decode([delivery], now)
            items += found
            dead += refused
        return items, dead

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
