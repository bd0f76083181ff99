"""The three doors of the decoder, for what must be answered the same at each of them."""

from __future__ import annotations

from collections.abc import Callable

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.wire import intake
from prodiguer.wire.envelope import from_amqp
from prodiguer.wire.mail import read_line
from prodiguer.wire.properties import Properties
from support.wire import CATALOG, HTTP, NOW, SMTP, UID, line

#: One free field in a message of a code that asks for none.
HEAD = b'{"msgCode":"4242","msgUID":"%s","msgTimestamp":"2018-03-05T08:00:01Z",' % UID.encode()


def over_http(raw: bytes) -> Message:
    return intake.read_element(raw, HTTP, CATALOG)


def by_mail(raw: bytes) -> Message:
    return read_line(line(raw), SMTP, CATALOG)


def over_amqp(raw: bytes) -> Message:
    headers = {"producer_id": "libigcm", "producer_version": "2.8.4"}
    properties = Properties(message_id=UID, timestamp=1520233201, headers=headers)
    return from_amqp("prod.tgcc.libigcm.unknown.4242", properties, raw, CATALOG, NOW)


DOORS: dict[str, Callable[[bytes], Message]] = {
    "http": over_http,
    "mail": by_mail,
    "amqp": over_amqp,
}


def with_field(member: bytes) -> bytes:
    """A message whose last member is this one."""
    return HEAD + member + b"}"


def reason(door: str, raw: bytes) -> str | None:
    """Why it is refused; None where it is not."""
    try:
        DOORS[door](raw)
    except Refused as refused:
        return refused.reason
    return None
