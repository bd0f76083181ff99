"""Dead letters: kept byte for byte, the same one once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from prodiguer.ports.clock import Clock
from prodiguer.ports.store import DeadLetter
from prodiguer.storage.json_text import decode_object, encode
from prodiguer.storage.outbox import Begin
from prodiguer.storage.portable import Row, Write, as_list, nothing, texts
from prodiguer.storage.schema import dead_letters
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import micros, moment

_COLUMNS = [c.name for c in dead_letters.columns if c.name not in {"number", "resent_at"}]
_add = Write(dead_letters, _COLUMNS, nothing)


def add(connection: Connection, tail: Tail, letters: Sequence[DeadLetter]) -> int:
    """See `Unit.add_dead_letters`."""
    if not letters:
        return 0
    by_id = {letter.id: letter for letter in letters}
    known = {
        row.id: row
        for row in connection.execute(
            select(dead_letters.c.id, dead_letters.c.at).where(
                dead_letters.c.id.in_(texts(connection.dialect, "ids"))
            ),
            {"ids": as_list(sorted(by_id))},
        )
    }
    # In the order given: their numbers are the order in which they are shown.
    new = [letter for id_, letter in by_id.items() if id_ not in known]
    added = _add(connection, [_row(letter) for letter in new])
    tail.totals["dead_letters"] += added
    again = [letter for id_, letter in by_id.items() if id_ in known and _later(letter, known[id_])]
    _reopen(connection, again)
    tail.events.extend(("dead-letter", letter.id, None) for letter in [*new, *again])
    return added


def _later(letter: DeadLetter, known: Any) -> bool:
    """It was delivered once more, and died again; of what came by a door the first counts."""
    return letter.form == "delivery" and micros(letter.at) > known.at


def _reopen(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    """It waits again, with what was said of it the last time."""
    for letter in sorted(letters, key=lambda letter: letter.id):
        now = {"at": micros(letter.at), "reason": letter.reason, "detail": letter.detail}
        connection.execute(
            update(dead_letters).where(dead_letters.c.id == letter.id).values(**now, resent_at=None)
        )


class SqlDeadLetterBox:
    """Dead letters as an operator handles them.

    Args:
        reading: begins a transaction that only reads.
        writing: begins one that writes.
        clock: gives the times of events.
    """

    def __init__(self, reading: Begin, writing: Begin, clock: Clock) -> None:
        self._reading = reading
        self._writing = writing
        self._clock = clock

    def get(self, id: str) -> DeadLetter | None:
        statement = select(dead_letters).where(dead_letters.c.id == id)
        with self._reading() as connection:
            found = connection.execute(statement).one_or_none()
        return None if found is None else _letter(found)

    def mark_resent(self, id: str, now: datetime) -> None:
        tail = Tail()
        with self._writing() as connection:
            marked = connection.execute(
                # One that has died since was not sent again after that.
                update(dead_letters)
                .where(dead_letters.c.id == id, dead_letters.c.at <= micros(now))
                .values(resent_at=micros(now))
            )
            tail.events += [("dead-letter", id, None)] * marked.rowcount
            tail.write(connection, "", micros(self._clock.now()))

    def drop(self, id: str) -> bool:
        tail = Tail()
        with self._writing() as connection:
            dropped = connection.execute(delete(dead_letters).where(dead_letters.c.id == id))
            tail.totals["dead_letters"] -= dropped.rowcount
            tail.events += [("dead-letter", id, None)] * dropped.rowcount
            tail.write(connection, "", micros(self._clock.now()))
        return dropped.rowcount == 1


def _row(letter: DeadLetter) -> Row:
    return (
        letter.id,
        micros(letter.at),
        letter.reason,
        letter.reason.partition(":")[0],
        letter.detail,
        letter.stage,
        letter.door,
        letter.mail,
        letter.position,
        letter.code,
        letter.app,
        letter.message_uid,
        letter.form,
        encode(letter.context),
        len(letter.bytes),
        letter.bytes,
    )


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        at=moment(row.at),
        reason=row.reason,
        detail=row.detail,
        stage=row.stage,
        door=row.door,
        mail=row.mail,
        position=row.position,
        code=row.code,
        bytes=bytes(row.bytes),
        form=row.form,
        context=decode_object(row.context),
        app=row.app,
        message_uid=row.message_uid,
    )
