"""The archive of messages, newest first: in the order in which they came to be stored.

``since`` compares a message's own time (its timestamp, or its arrival where that lies in the
future), the one that the timeline and the state of its run go by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, func, select

from prodiguer.ports.queries import MessageFilter, MessageView, Page, Paging
from prodiguer.storage.json_text import decode_flags, decode_object
from prodiguer.storage.queries import counts
from prodiguer.storage.queries.filters import Conditions, equal, since
from prodiguer.storage.queries.names import Names, name_of
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.schema import message_ids, messages
from prodiguer.storage.times import moment

#: Up to so many messages since a moment the first of them is looked for.
PROBE = 300_000
#: Ids in one question to the database.
CHUNK = 500
#: Greater than the number of any message.
_NONE = 2**63 - 1

c = messages.c


def page(
    connection: Connection, which: MessageFilter, paging: Paging, names: Names
) -> Page[MessageView]:
    """One page of those that pass."""
    shape = {name: getattr(which, name) for name in which.__slots__}
    filtered = any(value is not None for value in shape.values())
    base = select(c.number).where(*_conditions(connection, which))
    # The two ways to have a code are two arms: an OR of them could use neither index.
    arms = [base]
    if which.code is not None:
        as_received = base.where(c.received_code == which.code, c.code != which.code)
        arms = [base.where(c.code == which.code), as_received]
    listing = Listing(
        arms=tuple(arms),
        order=by_keys((c.number,), descending=True),
        walk=walk_of("messages", **shape),
        total=None if filtered else counts.total(connection, "messages"),
    )
    return fetch(connection, listing, paging, _views(connection, names))


def message(connection: Connection, uid: str, names: Names) -> MessageView | None:
    """The one with this uid."""
    row = connection.execute(select(messages).where(c.uid == uid)).one_or_none()
    return None if row is None else _view(row, names)


def by_uid(
    connection: Connection, uids: Collection[str], names: Names, largest: int
) -> dict[str, MessageView]:
    """Those of these that there are, but for those whose body has more characters."""
    statement = select(messages).where(c.uid.in_(uids), func.length(c.body) <= largest)
    return {row.uid: _view(row, names) for row in connection.execute(statement)}


def known(connection: Connection, uids: Sequence[str]) -> set[str]:
    """Those of these ids that some app has seen."""
    found: set[str] = set()
    for first in range(0, len(uids), CHUNK):
        chunk = uids[first : first + CHUNK]
        statement = select(message_ids.c.uid).where(message_ids.c.uid.in_(chunk))
        found.update(connection.execute(statement).scalars())
    return found


def _conditions(connection: Connection, which: MessageFilter) -> Conditions:
    found = equal(
        {
            c.simulation_uid: which.simulation,
            c.job_uid: which.job,
            c.producer: which.producer,
            c.mail: which.mail,
        }
    )
    found += since(c.time, which.since)
    if which.since is not None:
        found.append(c.number >= _first_since(connection, which))
    return found


def _first_since(connection: Connection, which: MessageFilter) -> int:
    """The smallest number among the messages of a time window, where that is soon found, else 0.

    It lets the walk from the newest message stop there, and not at the first message ever.
    """
    window = select(c.number).where(*since(c.time, which.since)).limit(PROBE + 1).subquery()
    first, size = connection.execute(
        select(func.min(window.c.number), func.count()).select_from(window)
    ).one()
    if size == 0:
        return _NONE
    return 0 if size > PROBE else first


def _views(connection: Connection, names: Names) -> Callable[[Sequence[AnyRow]], list[MessageView]]:
    def views(keys: Sequence[AnyRow]) -> list[MessageView]:
        numbers = [key.number for key in keys]
        found = connection.execute(select(messages).where(c.number.in_(numbers)))
        shown = {row.number: _view(row, names) for row in found}
        return [shown[number] for number in numbers]

    return views


def _view(row: AnyRow, names: Names) -> MessageView:
    return {
        "uid": row.uid,
        "code": row.received_code or row.code,
        "routed_as": row.code,
        "name": name_of(names, row.app, row.code),
        "app": row.app,
        "producer": row.producer,
        "producer_version": row.producer_version,
        "dialect": row.dialect,
        "user": row.user,
        "mode": row.mode,
        "simulation_uid": row.simulation_uid,
        "job_uid": row.job_uid,
        "timestamp": moment(row.timestamp),
        "timestamp_raw": row.timestamp_raw,
        "received_at": moment(row.received_at),
        "door": row.door,
        "mail": row.mail,
        "flags": list(decode_flags(row.flags)),
        "body": decode_object(row.body),
    }
