"""Messages as rows of the archive, and back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import RowMapping

from prodiguer.domain.message import Message
from prodiguer.domain.messages import LegacyTrace, UnknownMessage
from prodiguer.storage.json_text import decode_flags, decode_object, encode
from prodiguer.storage.portable import Row
from prodiguer.storage.schema import messages
from prodiguer.storage.times import micros, moment

#: The columns that a message fills: all but the number, which the database gives.
COLUMNS = tuple(column.name for column in messages.columns if column.name != "number")


def from_message(message: Message) -> Row:
    """Its row, in the order of `COLUMNS`."""
    return (
        message.uid,
        message.code,
        message.received_code,
        message.app,
        message.mode,
        message.user,
        message.producer,
        message.producer_version,
        message.dialect,
        message.simulation_uid,
        message.job_uid,
        micros(message.time),
        micros(message.timestamp),
        message.timestamp_raw,
        micros(message.received_at),
        message.door,
        message.mail,
        encode(message.flags) if message.flags else "[]",
        message.digest,
        message.boot,
        message.seq,
        encode(message.body),
    )


def to_message(row: RowMapping, types: Mapping[str, type[Message]]) -> Message:
    """The message of a row.

    Args:
        row: the columns of `COLUMNS` by name.
        types: the class for each code; `UnknownMessage` for those that are missing. A trace of
            2014 is no message of its code.
    """
    fields = {name: row[name] for name in COLUMNS if name != "time"}
    fields["timestamp"] = moment(row["timestamp"])
    fields["received_at"] = moment(row["received_at"])
    fields["flags"] = decode_flags(row["flags"])
    fields["body"] = decode_object(row["body"])
    if row["app"] == LegacyTrace.TYPE.app:
        return LegacyTrace(**fields)
    return types.get(row["code"], UnknownMessage)(**fields)
