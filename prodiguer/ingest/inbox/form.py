"""The file form of a mail in the inbox: one header line, the raw bytes, one record that ends it.

A file without its last record, or whose record does not fit its bytes, was torn: the record is
written last, before the file is synced and gets its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

#: A header line is never longer: 50 recipients of 254 characters, written in ASCII, fit.
HEADER_LIMIT = 128 * 1024

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END = re.compile(rb"\nEND (\d{20}) ([0-9a-f]{8}) (\d{20})\n")

#: Bytes of the record that ends a file.
END_SIZE = len(b"\nEND \n") + 20 + 1 + 8 + 1 + 20


class Torn(Exception):
    """This file holds no whole mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a door knows of a mail when its bytes begin to come in."""

    began_at: datetime
    door: str
    sender: str
    recipients: tuple[str, ...]
    #: Address of the machine that handed it over.
    peer: str
    #: Who proved its name at the door; None where nobody was asked.
    principal: str | None = None
    #: Size in bytes as the sender announced it; None where it did not.
    announced: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The record that ends a file: bytes of the mail, their CRC-32, when the last one came."""

    size: int
    crc: int
    received_at: datetime


def header_line(arrival: Arrival) -> bytes:
    """One line of ASCII JSON, its newline included."""
    fields = {
        "received_at": arrival.began_at.isoformat(),
        "door": arrival.door,
        "sender": arrival.sender,
        "recipients": list(arrival.recipients),
        "peer": arrival.peer,
        "principal": arrival.principal,
        "size": arrival.announced,
    }
    return json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"


def read_header(line: bytes) -> Arrival:
    """What `header_line` wrote.

    Raises:
        Torn: it is something else.
    """
    if not line.endswith(b"\n"):
        raise Torn("the header line has no end")
    try:
        return _arrival(json.loads(line))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Torn(f"the header line cannot be read ({type(error).__name__})") from error


def _arrival(fields: dict[str, Any]) -> Arrival:
    return Arrival(
        began_at=datetime.fromisoformat(fields["received_at"]).astimezone(UTC),
        door=str(fields["door"]),
        sender=str(fields["sender"]),
        recipients=tuple(map(str, fields["recipients"])),
        peer=str(fields["peer"]),
        principal=fields.get("principal"),
        announced=fields.get("size"),
    )


def end_record(end: End) -> bytes:
    """`END_SIZE` bytes."""
    micros = (end.received_at - _EPOCH) // _MICROSECOND
    return b"\nEND %020d %08x %020d\n" % (end.size, end.crc, micros)


def read_end(record: bytes) -> End:
    """What `end_record` wrote.

    Raises:
        Torn: it is something else.
    """
    match = _END.fullmatch(record)
    if match is None:
        raise Torn("the record that ends it is missing")
    size, crc, micros = match.groups()
    return End(int(size), int(crc, 16), _EPOCH + int(micros) * _MICROSECOND)
