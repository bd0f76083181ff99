"""What an app was at work on, in case it dies of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, literal_column, select

from prodiguer.storage.keys import checked
from prodiguer.storage.portable import Insert, Write, as_list, texts
from prodiguer.storage.schema import suspects


def _one_more(statement: Insert) -> Insert:
    # A literal: `Write` binds the columns' values and nothing else.
    one = literal_column("1", suspects.c.tries.type)
    return statement.on_conflict_do_update(
        index_elements=["app", "id"], set_={"tries": suspects.c.tries + one}
    )


_count = Write(suspects, ["app", "id", "tries"], _one_more)


def suspect(connection: Connection, app: str, ids: Sequence[str]) -> Mapping[str, int]:
    """See `Unit.suspect`."""
    if not ids:
        return {}
    wanted = sorted({checked(id_) for id_ in ids})
    _count(connection, [(app, id_, 1) for id_ in wanted])
    found = connection.execute(
        select(suspects.c.id, suspects.c.tries).where(
            suspects.c.app == app, suspects.c.id.in_(texts(connection.dialect, "ids"))
        ),
        {"ids": as_list(wanted)},
    )
    return {row.id: row.tries for row in found}


def clear(connection: Connection, app: str, ids: Sequence[str]) -> None:
    """See `Unit.clear_suspects`."""
    if ids:
        connection.execute(
            delete(suspects).where(
                suspects.c.app == app, suspects.c.id.in_(texts(connection.dialect, "ids"))
            ),
            {"ids": as_list(sorted(set(ids)))},
        )
