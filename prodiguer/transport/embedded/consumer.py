"""Consuming: take under a lease, acknowledge or give back."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prodiguer.errors import ConfigurationError, ProdiguerError
from prodiguer.faults import point
from prodiguer.ports.transport import Delivery
from prodiguer.transport.embedded import consumers, leases
from prodiguer.transport.embedded.envelopes import unpack
from prodiguer.transport.embedded.owners import Owner
from prodiguer.transport.embedded.session import Session, translated

#: Seconds between two looks at what other processes have published; a look costs 10 µs.
POLL = 0.02

#: Seconds between two looks for owners that are dead.
ROLL_CALL = 1.0

# Tags are never used twice in a process, so one that another consumer gave out means nothing here.
_tags = itertools.count(1)


class EmbeddedConsumer:
    """Takes from one queue of one file."""

    def __init__(
        self,
        session: Session,
        owners: Path,
        queue: str,
        prefetch: int,
        closed: Callable[[EmbeddedConsumer], None],
    ) -> None:
        if prefetch < 1:
            raise ConfigurationError(f"prefetch must be at least 1, not {prefetch}")
        self._session = session
        self._owners = owners
        self._name = queue
        self._prefetch = prefetch
        #: The message ids of what was handed out and is not yet decided, by tag.
        self._held: dict[int, int] = {}
        self._closed = False
        self._tell_closed = closed
        self._register()

    def take(self, limit: int, wait: float) -> list[Delivery]:
        deadline = time.monotonic() + wait
        while True:
            news = self._session.board.news
            version = self._data_version()
            self._call_the_roll()
            if taken := self._claim(min(limit, self._prefetch - len(self._held))):
                return taken
            if not self._wait_for_news(news, version, deadline):
                return []

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        tags = self._undecided(deliveries)
        if not tags:
            return
        with translated(self._session.path):
            with self._writing() as connection:
                leases.forget(connection, self._queue, [self._held[tag] for tag in tags])
                point("ack.before_commit")
            self._drop(tags)
            point("ack.after_commit")

    def release(self, deliveries: Iterable[Delivery]) -> None:
        tags = self._undecided(deliveries)
        if not tags:
            return
        with self._writing() as connection:
            leases.give_back(connection, self._queue, [self._held[tag] for tag in tags])
        self._drop(tags)
        self._session.board.announce()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        # Where the broker is away, the lock that is dropped below frees what is held.
        with contextlib.suppress(ProdiguerError), self._session.writing() as connection:
            consumers.end(connection, self._id)
        self._leave()
        self._session.close()
        self._tell_closed(self)
        self._session.board.announce()

    def _register(self) -> None:
        consumers.free_the_dead(self._session, self._owners)
        with self._session.writing() as connection:
            self._queue = consumers.queue_id(connection, self._name)
            # Inside the transaction: nobody else makes or sweeps files of owners meanwhile.
            consumers.sweep(connection, self._owners)
            self._owner = Owner(self._owners)
            try:
                self._id = consumers.enter(connection, self._queue, self._owner.name)
            except BaseException:
                self._leave()
                raise
        self._roll_call = time.monotonic()

    def _leave(self) -> None:
        self._owner.path.unlink(missing_ok=True)
        self._owner.drop()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction of a consumer that is still known; else it begins afresh."""
        try:
            with self._session.writing() as connection:
                consumers.require_known(connection, self._id)
                yield connection
        except consumers.Expelled:
            self._held.clear()
            self._leave()
            self._register()
            raise

    def _data_version(self) -> int:
        version: int = self._session.read("PRAGMA data_version")[0][0]
        return version

    def _call_the_roll(self) -> None:
        if time.monotonic() - self._roll_call >= ROLL_CALL:
            consumers.free_the_dead(self._session, self._owners)
            self._roll_call = time.monotonic()

    def _claim(self, limit: int) -> list[Delivery]:
        if limit < 1 or not leases.something_ready(self._session, self._queue):
            return []
        with self._writing() as connection:
            rows = leases.claim(connection, self._queue, self._id, limit)
        deliveries = [self._delivery(row) for row in rows]
        try:
            with translated(self._session.path):
                point("take.after_commit")
        except BaseException:  # what the caller never gets it cannot give back
            self.release(deliveries)
            raise
        return deliveries

    def _delivery(self, row: leases.Claimed) -> Delivery:
        tag = next(_tags)
        self._held[tag] = row.id
        return Delivery(
            tag=tag,
            exchange=row.exchange,
            routing_key=row.routing_key,
            body=row.body,
            properties=unpack(row.properties),
            redelivered=bool(row.redelivered),
        )

    def _wait_for_news(self, news: int, version: int, deadline: float) -> bool:
        """True when it is worth looking again, False at the deadline."""
        while (left := deadline - time.monotonic()) > 0:
            if self._session.board.wait(news, min(left, POLL)):
                return True
            if self._data_version() != version:
                return True
            if time.monotonic() - self._roll_call >= ROLL_CALL:
                return True
        return False

    def _undecided(self, deliveries: Iterable[Delivery]) -> list[int]:
        """The tags, without those that are decided already or are another consumer's."""
        return [tag for tag in dict.fromkeys(d.tag for d in deliveries) if tag in self._held]

    def _drop(self, tags: Iterable[int]) -> None:
        for tag in tags:
            del self._held[tag]
