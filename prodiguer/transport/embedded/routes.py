"""Which queues take a publication: the bindings, read once and again when they change."""

from __future__ import annotations

import sqlite3

from prodiguer.transport.embedded.topics import matches

#: Keys whose answer is remembered; a platform uses some hundred.
REMEMBERED = 4096


class Routes:
    """The bindings as one publisher knows them."""

    def __init__(self) -> None:
        self._version = -1
        self._names: dict[str, int] = {}
        self._bindings: list[tuple[int, str, str]] = []
        self._known: dict[tuple[str, str], tuple[int, ...]] = {}

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read the bindings again where some process has changed them."""
        version = connection.execute("SELECT bindings FROM broker").fetchone()[0]
        if version == self._version:
            return
        self._names = dict(connection.execute("SELECT name, id FROM queue"))
        self._bindings = connection.execute(
            "SELECT queue, exchange, pattern FROM binding"
        ).fetchall()
        self._known.clear()
        self._version = version

    def queues(self, exchange: str, routing_key: str) -> tuple[int, ...]:
        """The ids of the queues that take it, each once."""
        place = (exchange, routing_key)
        found = self._known.get(place)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[place] = self._match(exchange, routing_key)
        return found

    def _match(self, exchange: str, routing_key: str) -> tuple[int, ...]:
        if exchange == "":
            return (self._names[routing_key],) if routing_key in self._names else ()
        taking = {
            queue
            for queue, bound, pattern in self._bindings
            if bound == exchange and matches(pattern, routing_key)
        }
        return tuple(sorted(taking))
