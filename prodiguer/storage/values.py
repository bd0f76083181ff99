"""`ports.store.Values` on a connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select

from prodiguer.storage.json_text import encode
from prodiguer.storage.keys import checked
from prodiguer.storage.portable import Write, lock_words, replacing
from prodiguer.storage.schema import app_values

_put = Write(app_values, ["app", "key", "value"], replacing(["value"], ["app", "key"]))


class SqlValues:
    """JSON values of one app, inside one transaction."""

    def __init__(self, connection: Connection, app: str) -> None:
        self._connection = connection
        self._app = app

    def get(self, key: str) -> Any | None:
        # Who reads here mostly writes next: between the two nobody else of this app may write.
        lock_words(self._connection, [f"values of {self._app}"])
        found = self._connection.execute(
            select(app_values.c.value).where(app_values.c.app == self._app, app_values.c.key == key)
        ).scalar_one_or_none()
        return None if found is None else msgspec.json.decode(found)

    def put(self, key: str, value: Any) -> None:
        _put(self._connection, [(self._app, checked(key), encode(value))])

    def delete(self, key: str) -> None:
        self._connection.execute(
            delete(app_values).where(app_values.c.app == self._app, app_values.c.key == key)
        )

    def items(self, prefix: str = "") -> Sequence[tuple[str, Any]]:
        found = self._connection.execute(
            select(app_values.c.key, app_values.c.value).where(
                app_values.c.app == self._app,
                func.substr(app_values.c.key, 1, len(prefix)) == prefix,
            )
        )
        # Sorted here: the order of texts is a matter of taste between databases.
        return sorted((key, msgspec.json.decode(value)) for key, value in found)
