"""What an author of an app sees: a name, a table *message type → function*, and a context.

An app is a value: it holds no connection and starts nothing. Handlers run inside one database
transaction; raising undoes what they did. See docs/tutorial.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from prodiguer.domain.message import Message
from prodiguer.ports.store import Archive, Events, Runs, Transfers, Unit, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that an app says to the platform; it goes to the secondary exchange after commit.

    ``key`` makes it unique: the same key of the same app is sent once, however often the handler
    runs.
    """

    code: str
    body: Mapping[str, Any]
    key: str
    simulation_uid: str | None = None
    job_uid: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done to the outside world after commit, at least once.

    Whoever receives it can tell a repeat by `key`.
    """

    key: str
    payload: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use: all of it belongs to the transaction that is open."""

    app: str
    #: When this batch began, in UTC.
    now: datetime
    #: The section ``[apps.NAME]`` of the configuration.
    settings: Mapping[str, Any]
    unit: Unit = field(repr=False)

    @property
    def archive(self) -> Archive:
        """The log of all messages."""
        return self.unit.archive

    @property
    def runs(self) -> Runs:
        """Simulations and jobs."""
        return self.unit.runs

    @property
    def transfers(self) -> Transfers:
        """File transfers."""
        return self.unit.transfers

    @property
    def values(self) -> Values:
        """JSON values of this app alone, by key."""
        return self.unit.values

    @property
    def events(self) -> Events:
        """What live views are told."""
        return self.unit.events

    def effect(self, key: str, payload: Mapping[str, Any]) -> None:
        """Ask for a side effect after commit: `App.effect` carries it out, once for each key."""
        self.unit.put_effect(key, payload)


Handler = Callable[[Any, Context], "Iterable[Draft] | None"]
BatchHandler = Callable[[Sequence[Message], Context], "Iterable[Draft] | None"]
TickHandler = Callable[[Context], "Iterable[Draft] | None"]
EffectHandler = Callable[[Effect, Mapping[str, Any]], None]

H = TypeVar("H", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Tick:
    """A function that runs every so many seconds, whether messages come or not."""

    seconds: float
    handler: TickHandler


@dataclass
class App:
    """A consumer: its queue is ``<mode>.<name>``, its bindings follow from its handlers.

    Args:
        name: lower-case letters, digits and ``-``; it names the queue and the configuration.
        bind: free topic filters besides those of the handled types; ``{mode}`` stands for the
            platform's mode. What arrives by them goes to the batch handler without types.
        projection: its tables are functions of the archive: `prodiguer db rebuild` drops and
            refolds them through its handlers.
        keeps_unroutable: it also empties the queue ``<mode>.dead`` of what no queue takes; the
            runner turns each of those into a dead letter `unroutable`, no handler sees them.
        check: called with the section ``[apps.NAME]`` before anything runs; raising a
            `ProdiguerError` or a `ValueError` that names the option stops the platform.
    """

    name: str
    bind: tuple[str, ...] = ()
    projection: bool = False
    keeps_unroutable: bool = False
    check: Callable[[Mapping[str, Any]], object] | None = None
    handlers: dict[type[Message], Handler] = field(default_factory=dict, init=False)
    batch_handler: BatchHandler | None = field(default=None, init=False)
    batch_types: tuple[type[Message], ...] = field(default=(), init=False)
    ticks: list[Tick] = field(default_factory=list, init=False)
    effect_handler: EffectHandler | None = field(default=None, init=False)

    def on(self, *types: type[Message]) -> Callable[[H], H]:
        """The decorated function handles messages of these types, one at a time."""

        def register(handler: H) -> H:
            for type_ in types:
                if type_ in self.handlers or type_ in self.batch_types:
                    raise ValueError(f"app {self.name}: {type_.__name__} has a handler already")
                self.handlers[type_] = handler
            return handler

        return register

    def on_batch(self, *types: type[Message]) -> Callable[[H], H]:
        """The decorated function handles all messages of a batch of these types at once.

        Without types it gets whatever no `on` handler takes, by the filters of ``bind``.
        """

        def register(handler: H) -> H:
            if self.batch_handler is not None:
                raise ValueError(f"app {self.name} has a batch handler already")
            self.batch_handler, self.batch_types = handler, types
            return handler

        return register

    def every(self, seconds: float) -> Callable[[H], H]:
        """The decorated function runs every so many seconds in a transaction of its own."""

        def register(handler: H) -> H:
            self.ticks.append(Tick(seconds, handler))
            return handler

        return register

    def effect(self, handler: H) -> H:
        """The decorated function carries out this app's side effects, outside of transactions.

        It gets the effect and the app's settings; raising puts the effect off, with backoff.
        """
        self.effect_handler = handler
        return handler
