"""The life of an app: rounds until somebody wants the end, pauses while the world is away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from prodiguer.app import App, Context, TickHandler
from prodiguer.errors import Halt, ProdiguerError, Unavailable
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import Store
from prodiguer.ports.transport import Consumer, Transport
from prodiguer.runner.at_work import AtWork
from prodiguer.runner.backoff import Backoff
from prodiguer.runner.batch import Batches
from prodiguer.runner.cycle import Cycle
from prodiguer.runner.decode import Decoder
from prodiguer.runner.dispatch import Dispatch
from prodiguer.runner.drafts import Drafts
from prodiguer.runner.effects import Effects
from prodiguer.runner.held import MOST
from prodiguer.runner.pace import LARGEST
from prodiguer.runner.publications import Publications
from prodiguer.runner.queues import dead_queue, queue_of
from prodiguer.runner.rehearsal import Trial, untried
from prodiguer.runner.statistics import Statistics
from prodiguer.runner.stopping import Stop, Stopped
from prodiguer.runner.ticks import Every, Ticks
from prodiguer.runner.units import Noticing
from prodiguer.runner.unroutable import Unroutable
from prodiguer.wire.catalog import Catalog

log = logging.getLogger(__name__)

#: Seconds that an idle runner waits for a message before it looks at its clock and its orders.
_IDLE = 0.25
#: Seconds between looks for messages that a process committed and did not publish.
_SWEEP = 10.0
#: Seconds between looks into the queue of the unroutable.
_UNROUTABLE = 1.0


class Halted(ProdiguerError):
    """An app asked for its own end; what it was at stays in its queue."""


class Runner:
    """Runs one app, in the thread that calls `run`.

    Args:
        app: what to run.
        transport: the broker.
        store: the database.
        catalog: the message types.
        clock: the time that handlers see.
        settings: the section ``[apps.NAME]`` of the configuration.
        mode: of the platform: the first word of every routing key.
        batch: messages in one transaction, at most.
        note: the file that names the message a handler is at, so that one which kills the process
            is found; without it none is.
        trial: tries a message that is suspected of that; see `Trial`.
        monotonic: seconds on a clock that never goes back, for pauses and ticks.
    """

    def __init__(
        self,
        app: App,
        transport: Transport,
        store: Store,
        catalog: Catalog,
        clock: Clock,
        settings: Mapping[str, Any],
        mode: str,
        batch: int = LARGEST,
        *,
        note: Path | None = None,
        trial: Trial = untried,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self.statistics = Statistics()
        self.effects = Effects(app, store, settings, clock, self.statistics)
        self._transport = transport
        self._store = store
        self._clock = clock
        self._settings = settings
        self._mode = mode
        self._batch = batch
        self._monotonic = monotonic
        self._stop = Stop(threading.Event(), monotonic)
        self._paused = False
        self._started: float | None = None
        self._consumer: Consumer | None = None
        self._cycle: Cycle | None = None
        self._drafts = Drafts(app.name, mode, catalog)
        self._decoder = Decoder(app, catalog, mode)
        dispatch = Dispatch(app, self._drafts.put, self._check)
        self._batches = Batches(app.name, store, dispatch, settings, clock.now)
        self._at_work = AtWork(note, lambda delivery: trial(delivery, self._check))
        self._publications = Publications(
            app.name, store, transport, clock, self.statistics, self._drafts.publication
        )
        self._unroutable = Unroutable(app.name, store, transport, clock, mode)
        self._ticks = Ticks(app.name, [*self._app_ticks(), *self._chores()], monotonic)

    @property
    def consuming(self) -> bool:
        """It is connected to its queue and does not wait for the broker or the database."""
        return self._cycle is not None and not self._paused

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; then finish or undo the batch in 5 s and release the rest.

        A handler that takes longer cannot be interrupted; the process may be killed then, which
        has the same result.

        Raises:
            Halted: the app asked for its end.
            ProdiguerError: the platform is not fit to run it (configuration, schema, rights).
        """
        self._stop = Stop(stop, self._monotonic)
        backoff = Backoff()
        self.effects.start()
        log.info("app starts", extra={"action": "app_started", "app": self.app.name})
        try:
            while not self._stop.asked:
                self._guarded(self.step, backoff)
            if self._cycle is not None:
                self._guarded(self._cycle.finish, backoff)
        finally:
            self.close()
            log.info(
                "app stops",
                extra={"action": "app_stopped", "app": self.app.name}
                | {"statistics": self.statistics.as_dict()},
            )

    def stop(self) -> None:
        """Ask `run` to end; from any thread."""
        self._stop.event.set()

    def open(self) -> None:
        """Make the queue and begin to consume, so that nothing published from now on is missed.

        `run` and `step` do so by themselves.

        Raises:
            Unavailable: the broker does not answer.
        """
        if self._cycle is None:
            self._open()

    def step(self, wait: float = _IDLE) -> bool:
        """One round: the ticks that are due, then a batch; whether there was a batch.

        Raises:
            Unavailable: the broker or the database is away; call again later.
            Halt: the app asks for its end.
        """
        cycle = self._cycle or self._open()
        if not cycle.at_work:
            self.statistics.errors += self._ticks.run_due()
        return cycle.round(self._ticks.wait(wait))

    @property
    def put_off(self) -> int:
        """Messages that wait because a handler raised `Retry`."""
        return len(self._cycle.held) if self._cycle is not None else 0

    def close(self) -> None:
        """Release what is still held and let go of the broker; can be repeated."""
        self.effects.stop(self._stop.left)
        closing = [self._at_work.close, self._unroutable.close, self._publications.close]
        if self._consumer is not None:
            closing.append(self._consumer.close)
        for close in closing:
            try:
                close()
            except ProdiguerError as error:
                log.warning("not closed", extra=self._fields("close_failed", error))
        self._consumer = self._cycle = None
        if self._started is not None:
            self.statistics.duration = self._monotonic() - self._started

    def _open(self) -> Cycle:
        queue = queue_of(self.app, self._mode)
        dead = [dead_queue(self._mode)] if self.app.keeps_unroutable else []
        self._transport.declare([queue, *dead])
        self._consumer = self._transport.consumer(queue.name, prefetch=MOST + 2 * self._batch)
        self._cycle = Cycle(
            self.app.name,
            self._consumer,
            self._decoder,
            self._batches,
            self._at_work,
            self._publications,
            self.effects,
            self.statistics,
            self._clock,
            self._monotonic,
            self._batch,
        )
        self._started = self._monotonic()
        return self._cycle

    def _guarded(self, action: Callable[[], object], backoff: Backoff) -> None:
        """Do it; where the world is away, say so and pause."""
        try:
            action()
        except Stopped:
            return
        except Halt as halt:
            text = f"app {self.app.name} asked for its end: {halt or 'it gave no reason'}"
            raise Halted(text) from halt
        except Unavailable as error:
            log.warning("app pauses", extra=self._fields("app_paused", error))
            self._pause(backoff.next())
        except ProdiguerError:
            raise
        except Exception as error:  # the batch is still held: nothing is lost by trying again
            self.statistics.errors += 1
            log.exception("app pauses", extra=self._fields("app_failed", error))
            self._pause(backoff.next())
        else:
            backoff.reset()
            self._paused = False

    def _pause(self, seconds: float) -> None:
        self._paused = True
        began = self._monotonic()
        self._stop.wait(seconds)
        self.statistics.paused += self._monotonic() - began

    def _app_ticks(self) -> list[Every]:
        return [
            Every(tick.seconds, tick.handler.__qualname__, partial(self._tick, tick.handler))
            for tick in self.app.ticks
        ]

    def _chores(self) -> list[Every]:
        chores = [Every(_SWEEP, "publish what was left", self._publications.publish_due)]
        if self.app.keeps_unroutable:
            chores.append(Every(_UNROUTABLE, "collect the unroutable", self._collect))
        return chores

    def _collect(self) -> None:
        self.statistics.dead_letters += self._unroutable.collect()

    def _check(self) -> None:
        self._stop.check()

    def _tick(self, handler: TickHandler) -> None:
        """Run a tick in a transaction of its own."""
        with self._store.unit(self.app.name) as unit:
            noticing = Noticing(unit)
            context = Context(self.app.name, self._clock.now(), self._settings, noticing)
            for draft in handler(context) or ():
                self._drafts.put(draft, context)
        if noticing.publications:
            self._publications.publish_due()
        if noticing.effects:
            self.effects.notify()

    def _fields(self, action: str, error: Exception) -> dict[str, Any]:
        return {"action": action, "app": self.app.name, "error": str(error)}
