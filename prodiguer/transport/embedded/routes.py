"""Which queues take a publication: the bindings, read once and again when they change."""

from __future__ import annotations

import sqlite3

from prodiguer.ports.transport import DEAD, PRIMARY, SECONDARY
from prodiguer.wire.topics import Router


class Routes:
    """The bindings as one publisher knows them; `refresh` comes first."""

    def __init__(self) -> None:
        self._version = -1
        self._names: dict[str, int] = {}
        self._routers: dict[str, Router[int]] = {}

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read the bindings again where some process has changed them."""
        version = connection.execute("SELECT bindings FROM broker").fetchone()[0]
        if version == self._version:
            return
        self._names = dict(connection.execute("SELECT name, id FROM queue"))
        self._routers = {
            exchange: _router(connection, exchange) for exchange in (PRIMARY, SECONDARY, DEAD)
        }
        self._version = version

    def queues(self, exchange: str, routing_key: str) -> tuple[int, ...]:
        """The ids of the queues that take it, each once."""
        if exchange == "":
            return (self._names[routing_key],) if routing_key in self._names else ()
        return self._routers[exchange].route(routing_key)


def _router(connection: sqlite3.Connection, exchange: str) -> Router[int]:
    rows = connection.execute("SELECT pattern, queue FROM binding WHERE exchange = ?", (exchange,))
    return Router(rows)
