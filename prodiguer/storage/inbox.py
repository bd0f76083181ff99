"""Which messages an app has yet to handle: the inbox, and whose content of an id counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, text

from prodiguer.domain.message import Message
from prodiguer.ports.store import Admission
from prodiguer.storage.portable import Write, as_list, insert, nothing, texts
from prodiguer.storage.schema import inbox, message_ids
from prodiguer.storage.times import micros, moment

_note_ids = Write(message_ids, ["uid", "digest", "received_at"], nothing)


def admit(connection: Connection, app: str, messages: Sequence[Message]) -> Admission:
    """See `Unit.admit`."""
    if not messages:
        return Admission((), 0, ())
    first = _first_contents(connection, messages)
    conflicts = tuple(m for m in messages if m.digest != first[m.uid][0])
    agreed: dict[str, Message] = {}
    for message in messages:
        if message.digest == first[message.uid][0]:
            agreed.setdefault(message.uid, message)
    new = _note_handled(connection, app, sorted(agreed))
    fresh = tuple(_as_of(message, first[uid][1]) for uid, message in agreed.items() if uid in new)
    return Admission(fresh, len(messages) - len(conflicts) - len(fresh), conflicts)


def _first_contents(
    connection: Connection, messages: Sequence[Message]
) -> dict[str, tuple[str, int]]:
    """Of each id the digest and the time of arrival (in microseconds) that came first."""
    ours: dict[str, tuple[str, int]] = {}
    for message in messages:
        if message.uid not in ours:
            ours[message.uid] = (message.digest, micros(message.received_at))
    uids = sorted(ours)
    if _note_ids(connection, [(uid, *ours[uid]) for uid in uids]) == len(uids):
        return ours
    statement = select(message_ids).where(message_ids.c.uid.in_(texts(connection.dialect, "uids")))
    found = connection.execute(statement, {"uids": as_list(uids)}).all()
    return {uid: (digest, received_at) for uid, digest, received_at in found}


def _note_handled(connection: Connection, app: str, uids: Sequence[str]) -> set[str]:
    """Which of these the app had not handled yet."""
    given = texts(connection.dialect, "uids")
    source = select(bindparam("app", type_=inbox.c.app.type), given.selected_columns.value).where(
        text("true")  # without it SQLite takes ON CONFLICT for a join's condition
    )
    statement = (
        insert(connection.dialect, inbox)
        .from_select(["app", "uid"], source)
        .on_conflict_do_nothing()
        .returning(inbox.c.uid)
    )
    return set(connection.execute(statement, {"app": app, "uids": as_list(uids)}).scalars().all())


def _as_of(message: Message, received_at: int) -> Message:
    """The message with the time of its first arrival, on which its own time may depend."""
    if micros(message.received_at) == received_at:
        return message
    return replace(message, received_at=moment(received_at))
