"""Publishing: one transaction for a whole window; its commit is the confirm."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from prodiguer.errors import Unavailable
from prodiguer.faults import point
from prodiguer.ports.transport import (
    DEAD,
    EXCHANGE_HEADER,
    REASON_HEADER,
    UNROUTABLE,
    Properties,
    Publication,
)
from prodiguer.transport.embedded.envelopes import pack
from prodiguer.transport.embedded.routes import Routes
from prodiguer.transport.embedded.session import Session, translated
from prodiguer.transport.publications import check


class Packed(NamedTuple):
    """A publication that is checked, with its properties as they are stored."""

    publication: Publication
    properties: bytes


class EmbeddedPublisher:
    """Publishes into the queues of one file."""

    def __init__(self, session: Session, closed: Callable[[EmbeddedPublisher], None]) -> None:
        self._session = session
        self._tell_closed = closed
        self._routes = Routes()

    def publish(self, publications: Sequence[Publication]) -> None:
        """See `prodiguer.ports.transport.Publisher`; where it raises, nothing is stored.

        Raises:
            Unavailable: also where not even `DEAD` has a queue for it: it stays with the sender.
            Refused: a publication that no broker could carry.
        """
        packed = [_pack(publication) for publication in publications]
        if not packed:
            return
        with translated(self._session.path):
            with self._session.writing() as connection:
                self._routes.refresh(connection)
                _store(connection, self._routes, packed)
                point("publish.before_commit")
            self._session.board.announce()
            point("publish.after_commit")

    def close(self) -> None:
        self._session.close()
        self._tell_closed(self)


def _pack(publication: Publication) -> Packed:
    check(publication)
    return Packed(publication, pack(publication.properties))


def _store(connection: sqlite3.Connection, routes: Routes, packed: Iterable[Packed]) -> None:
    """Insert a row for each queue and message."""
    now = time.time_ns() // 1000
    tails = _Tails(connection)
    rows = []
    for publication, properties in packed:
        exchange, key, body = publication.exchange, publication.routing_key, publication.body
        queues = routes.queues(exchange, key)
        if not queues:
            queues = _dead_queues(routes, publication)
            properties = pack(_unroutable(publication))  # noqa: PLW2901  # the rare case, said once
        rows += [(tails.next(queue), now, exchange, key, properties, body) for queue in queues]
    connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", rows)
    tails.store()


def _dead_queues(routes: Routes, publication: Publication) -> tuple[int, ...]:
    queues = routes.queues(DEAD, publication.routing_key)
    if not queues:
        raise Unavailable(
            f"no queue takes {publication.routing_key!r} from exchange {publication.exchange!r},"
            f" and {DEAD} has none either: declare the queues first (`prodiguer up` does it)."
        )
    return queues


def _unroutable(publication: Publication) -> Properties:
    """The same properties, and why it is among the dead."""
    properties = publication.properties
    reason = {REASON_HEADER: UNROUTABLE, EXCHANGE_HEADER: publication.exchange}
    return properties._replace(headers={**properties.headers, **reason})


class _Tails:
    """The next message id of each queue that a transaction touches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._first: dict[int, int] = {}
        self._next: dict[int, int] = {}

    def next(self, queue: int) -> int:
        if queue not in self._next:
            row = self._connection.execute("SELECT next FROM queue WHERE id = ?", (queue,))
            self._first[queue] = self._next[queue] = row.fetchone()[0]
        self._next[queue] += 1
        return self._next[queue] - 1

    def store(self) -> None:
        self._connection.executemany(
            "UPDATE queue SET next = ?, depth = depth + ? WHERE id = ?",
            [(tail, tail - self._first[queue], queue) for queue, tail in self._next.items()],
        )
