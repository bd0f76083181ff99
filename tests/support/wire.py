"""Messages and mails as a client writes them, one field at a time."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from prodiguer.domain.message import Message
from prodiguer.wire import intake
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.mail import DeadLine, MailFile, read_mail
from prodiguer.wire.origin import Origin

UID = "11111111-0000-4000-8000-000000000001"
RUN = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"
JOB = "0b7d0c1e-53a3-4d0a-9c59-6b0c6b0a7e21"
NOW = datetime(2018, 3, 5, 12, tzinfo=UTC)
DATE = "Mon, 05 Mar 2018 08:00:05 +0100"

CATALOG = Catalog()
HTTP = Origin(door="http", mode="prod", user="http", received_at=NOW)
SMTP = Origin(door="smtp", mode="prod", user="smtp", received_at=NOW)

_RUN_FIELDS = {"simuid": RUN, "jobuid": JOB}
_BODIES: dict[str, dict[str, Any]] = {
    "0000": {"name": "CM6", "centre": "TGCC", "machine": "irene", "login": "u1", "model": "IPSLCM6",
             "space": "PROD", "configuration": "Y2FyZA=="},
    "1001": {"CumulPeriod": "1", "PeriodDateBegin": "18500101", "PeriodDateEnd": "18500131"},
    "7000": {"actionName": "Put", "size_Mo": ".5", "duration_ms": "3", "throughput_Mo_s": "1.5",
             "dirFrom": "/a", "dirTo": "/b"},
    "7010": {"centre": "TGCC", "accountingProject": "gen", "data": "cmVwb3J0"},
    "7011": {"centre": "TGCC", "accountingProject": "gen", "data": "cmVwb3J0"},
    "7100": {"metrics": "e30="},
}  # fmt: skip


def said(code: str = "1100", **fields: Any) -> dict[str, Any]:
    """What a client of today writes; ``None`` leaves a field out."""
    message = {
        "msgCode": code,
        "msgUID": UID,
        "msgTimestamp": "2018-03-05T08:00:01.123456789+0100",
        "msgProducer": "libigcm",
        "msgProducerVersion": "2.8.4",
        **_RUN_FIELDS,
        **_BODIES.get(code, {}),
        **fields,
    }
    return {name: value for name, value in message.items() if value is not None}


def old(code: str, **fields: Any) -> dict[str, Any]:
    """The same in the dialect of 2014."""
    return said(code, msgProducerVersion=None, **fields)


def read(element: dict[str, Any] | bytes, origin: Origin = HTTP) -> Message:
    """Through the HTTP door."""
    raw = element if isinstance(element, bytes) else json.dumps(element).encode()
    return intake.read_element(raw, origin, CATALOG)


def line(element: dict[str, Any] | bytes) -> bytes:
    """As a line of a mail, without its newline."""
    raw = element if isinstance(element, bytes) else json.dumps(element).encode() + b"\n"
    return base64.b64encode(raw)


def part(content: bytes, *, name: str | None = None, headers: str = "") -> bytes:
    """A part of a multipart mail."""
    kind = headers or "Content-Type: text/plain; charset=us-ascii\r\n"
    if name is not None:
        kind += f'Content-Disposition: attachment; filename="{name}"\r\n'
    return kind.encode() + b"\r\n" + content


def mail(*lines: bytes | dict[str, Any], headers: str = "", date: str | None = DATE) -> bytes:
    """A mail of one text."""
    block = "From: no-reply@hpc.example\r\nSubject: [AMQP CHANNEL]\r\n" + headers
    if date is not None:
        block += f"Date: {date}\r\n"
    text = b"".join((one if isinstance(one, bytes) else line(one)) + b"\r\n" for one in lines)
    return block.encode() + b"\r\n" + text


def multipart(*parts: bytes, boundary: str = "=_b", kind: str = "mixed") -> bytes:
    """A mail of several parts."""
    mark = f"--{boundary}".encode()
    head = f"From: a@b\r\nDate: {DATE}\r\nContent-Type: multipart/{kind}; boundary={boundary!r}\r\n"
    head = head.replace("'", '"')
    body = b"".join(mark + b"\r\n" + one + b"\r\n" for one in parts)
    return head.encode() + b"\r\npreamble\r\n" + body + mark + b"--\r\n"


def batch(*lines: bytes | dict[str, Any]) -> bytes:
    """The first part of a multipart mail: its messages."""
    return part(b"".join((x if isinstance(x, bytes) else line(x)) + b"\r\n" for x in lines))


def opened(raw: bytes) -> MailFile:
    return MailFile(io.BytesIO(raw))


def items(raw: bytes, origin: Origin = SMTP) -> list[Message | DeadLine]:
    """All that a mail holds."""
    return list(read_mail(opened(raw), origin, CATALOG))


def messages(found: Iterable[Message | DeadLine]) -> list[Message]:
    return [item for item in found if isinstance(item, Message)]


def dead(found: Iterable[Message | DeadLine]) -> list[DeadLine]:
    return [item for item in found if isinstance(item, DeadLine)]
