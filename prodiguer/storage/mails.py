"""Mails: what each carried, and how often it came."""

from __future__ import annotations

from sqlalchemy import Connection, update

from prodiguer.ports.store import MailRecord
from prodiguer.storage.json_text import encode
from prodiguer.storage.portable import Write, nothing
from prodiguer.storage.schema import mails
from prodiguer.storage.tail import Tail
from prodiguer.storage.times import maybe_micros, micros

_COLUMNS = [c.name for c in mails.columns if c.name not in {"number", "receipts"}]
_add = Write(mails, _COLUMNS, nothing)


def add(connection: Connection, tail: Tail, mail: MailRecord) -> None:
    """See `Unit.add_mail`."""
    row = (
        mail.id,
        micros(mail.at),
        mail.door,
        mail.sender,
        mail.size,
        maybe_micros(mail.sent_at),
        encode(mail.messages),
        mail.repairs,
        mail.dead,
        micros(mail.stored_at),
    )
    tail.events.append(("mail", mail.id, None))
    if _add(connection, [row]):
        tail.totals["mails"] += 1
        return
    connection.execute(
        update(mails).where(mails.c.id == mail.id).values(receipts=mails.c.receipts + 1)
    )
