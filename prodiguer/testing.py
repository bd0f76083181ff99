"""For authors of apps: a platform of one app, small and real.

Nothing here is a double: the harness runs the embedded broker and an SQLite database in a
temporary directory, and the runner that runs apps in production. Only its clock stands still
until it is told to go on.

    >>> from prodiguer import App, Context, JobFailed
    >>> from prodiguer.testing import Harness

    >>> app = App("chat")
    >>> @app.on(JobFailed)
    ... def tell(message: JobFailed, context: Context) -> None:
    ...     context.effect(f"failed:{message.job_uid}", {"room": context.settings["room"]})
    >>> @app.effect
    ... def post(effect, settings) -> None:
    ...     pass  # here the text would go to the chat room

    >>> with Harness(app, settings={"room": "runs"}) as harness:
    ...     failed = harness.send("1999")
    ...     harness.publish(failed)  # brokers may deliver twice
    ...     statistics = harness.run_until_idle()
    ...     statistics.handled, statistics.duplicates, harness.dead_letters()
    (1, 1, [])
    >>> [effect.payload for effect in harness.effects]
    [{'room': 'runs'}]
"""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from prodiguer.app import App, Effect
from prodiguer.domain.message import Message, MessageType
from prodiguer.domain.messages import BUILT_IN
from prodiguer.ports.queries import DeadLetterFilter, Paging, Queries
from prodiguer.ports.store import DeadLetter, Store
from prodiguer.ports.transport import (
    PRIMARY,
    SECONDARY,
    Binding,
    Publication,
    Publisher,
    Queue,
    QueueStatus,
    Transport,
    queue_name,
)
from prodiguer.runner import Runner, Statistics, dead_queue
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import open_queries
from prodiguer.storage.store import open_store
from prodiguer.transport import connect
from prodiguer.wire import codec, envelope, intake
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.origin import Origin

#: When a harness's clock begins.
BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)

#: What a message says in a required field that the test does not care about.
_USUAL = {
    "name": "CM6-DEMO-01",
    "centre": "TGCC",
    "machine": "curie",
    "login": "u0001",
    "model": "IPSLCM6",
    "space": "PROD",
    "CumulPeriod": "1",
    "PeriodDateBegin": "18500101",
    "PeriodDateEnd": "18500131",
    "actionName": "IGCM_sys_Put_Out",
    "size_Mo": "512.25",
    "duration_ms": "4100",
    "throughput_Mo_s": "124.939",
    "dirFrom": "/scratch",
    "dirTo": "/store",
    "data": "IA==",
    "metrics": "e30=",
    "accountingProject": "gencmip6",
}


#: What the app says to the platform.
_SAID = Queue("harness.said", (Binding(SECONDARY, "#"),))


class ManualClock:
    """A clock that ticks when told.

    Args:
        start: what it shows at first.
    """

    def __init__(self, start: datetime = BEGINNING) -> None:
        self._now = start
        self._seconds = 0.0

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since it was made."""
        return self._seconds

    def tick(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds


def message(
    code: str,
    *,
    mode: str = "prod",
    at: datetime = BEGINNING,
    types: Iterable[type[Message]] = (),
    **fields: Any,
) -> Message:
    """A message as a producer might send it, with an id of its own.

    Args:
        code: such as ``1999``.
        mode: first word of its routing key.
        at: when it arrives, and its timestamp unless ``msgTimestamp`` says another.
        types: message types of the app's own package, besides the built-in ones.
        fields: what it says. Required fields that are not given have usual values, ``simuid`` and
            ``jobuid`` new ones; None leaves a field out; ``msg…`` fields override the envelope.

    Raises:
        Refused: the platform would not take it.
    """
    catalog = Catalog((*BUILT_IN, *types))
    found = catalog.find(code)
    given = {
        "msgCode": code,
        "msgUID": str(uuid.uuid4()),
        "msgProducer": "libigcm",
        "msgProducerVersion": "2.8.4",
        "msgTimestamp": at.isoformat(timespec="microseconds"),
        **(_required(found.TYPE) if found else {}),
        **fields,
    }
    element = {name: value for name, value in given.items() if value is not None}
    return _read(element, catalog, mode, at)


def _required(declared: MessageType) -> dict[str, str]:
    return {
        name: str(uuid.uuid4()) if name in ("simuid", "jobuid") else _USUAL.get(name, "some")
        for name in declared.required
    }


def _read(element: Mapping[str, Any], catalog: Catalog, mode: str, at: datetime) -> Message:
    origin = Origin(door="http", mode=mode, user="tester", received_at=at)
    return intake.read_element(codec.encode(element), origin, catalog)


class Harness:
    """A platform of one app, in a temporary directory; use it in a ``with`` statement.

    Args:
        app: the one under test; it is copied, so that many harnesses may share it.
        settings: its section of the configuration.
        mode: of the platform.
        types: message types of the app's own package, besides the built-in ones.
        batch: messages in one transaction, at most.
        carry_out: whether the app's effect handler is called; else effects are only recorded.
    """

    store: Store
    transport: Transport
    queries: Queries
    runner: Runner
    #: Where the embedded broker and the database are.
    data: Path

    def __init__(
        self,
        app: App,
        *,
        settings: Mapping[str, Any] | None = None,
        mode: str = "prod",
        types: Iterable[type[Message]] = (),
        batch: int = 500,
        carry_out: bool = True,
    ) -> None:
        self.clock = ManualClock()
        self.mode = mode
        #: Every effect that was due, in order, with those that came again.
        self.effects: list[Effect] = []
        self._types = tuple(types)
        self._catalog = Catalog((*BUILT_IN, *self._types))
        self._app = self._recording(app, carry_out)
        self._settings = dict(settings or {})
        self._batch = batch
        self._open = ExitStack()
        self._publisher: Publisher

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.data = Path(stack.enter_context(TemporaryDirectory(prefix="prodiguer-")))
            upgrade(data=self.data)
            store = open_store(data=self.data, clock=self.clock)
            self.store = stack.enter_context(closing(store))
            self.queries = stack.enter_context(closing(open_queries(store.engine)))
            self.transport = stack.enter_context(closing(connect("embedded:", data=self.data)))
            self.transport.declare([dead_queue(self.mode), _SAID])
            self.restart()
            self._publisher = stack.enter_context(closing(self.transport.publisher()))
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._open:
            self.runner.close()

    def send(self, code: str, **fields: Any) -> Message:
        """Publish a message that `message` makes; it arrives now."""
        sent = message(code, mode=self.mode, at=self.clock.now(), types=self._types, **fields)
        self.publish(sent)
        return sent

    def send_json(self, element: Mapping[str, Any] | str) -> Message:
        """Publish one JSON object as a producer writes it, with its ``msg…`` fields.

        Raises:
            Refused: a door of the platform would make a dead letter of it.
        """
        given = json.loads(element) if isinstance(element, str) else element
        sent = _read(given, self._catalog, self.mode, self.clock.now())
        self.publish(sent)
        return sent

    def publish(self, *messages: Message) -> None:
        """Publish messages as they are, each to the exchange that it belongs to."""
        self._publisher.publish([self._publication(message) for message in messages])

    def run_until_idle(self) -> Statistics:
        """Run the app until its queue is empty and nothing is due; its counts since its start.

        What a handler put off waits until the clock has ticked on.

        Raises:
            Halt: a handler asked for the end of the app.
            Unavailable: a handler said that the world is away.
        """
        while self.runner.step(0.0) or self.runner.effects.run_due():
            pass
        return self.runner.statistics

    def restart(self) -> None:
        """End the app and start it anew, as after a deployment."""
        if hasattr(self, "runner"):
            self.runner.close()
        self.runner = Runner(
            self._app,
            self.transport,
            self.store,
            self._catalog,
            self.clock,
            self._settings,
            self.mode,
            self._batch,
            monotonic=self.clock.monotonic,
        )
        self.runner.open()

    def said(self) -> list[Message]:
        """The messages that the app has said to the platform since this was last asked."""
        with closing(self.transport.consumer(_SAID.name)) as consumer:
            deliveries = consumer.take(1000, 0.0)
            consumer.acknowledge(deliveries)
        now = self.clock.now()
        return [
            envelope.from_amqp(
                one.routing_key, one.properties, one.body, self._catalog, now, inside=True
            )
            for one in deliveries
        ]

    def queue(self) -> QueueStatus:
        """What the app's queue holds."""
        name = queue_name(self._app.name, self.mode)
        return next(status for status in self.transport.status() if status.name == name)

    def dead_letters(self) -> list[DeadLetter]:
        """All of them, the oldest first, with all their bytes."""
        page = self.queries.dead_letters(DeadLetterFilter(), Paging(limit=1000))
        letters = [self.store.dead_letters.get(view["id"]) for view in page.items]
        return [letter for letter in reversed(letters) if letter is not None]

    def _publication(self, message: Message) -> Publication:
        key, properties, body = envelope.to_amqp(message)
        exchange = SECONDARY if self._catalog.is_internal(message.code) else PRIMARY
        return Publication(exchange, key, body, properties)

    def _recording(self, app: App, carry_out: bool) -> App:
        recorded = copy.copy(app)
        original = app.effect_handler
        if original is not None:

            def record(effect: Effect, settings: Mapping[str, Any]) -> None:
                self.effects.append(effect)
                if carry_out:
                    original(effect, settings)

            recorded.effect_handler = record
        return recorded
