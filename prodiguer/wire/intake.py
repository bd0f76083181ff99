"""A message as clients write it in mails and over HTTP: its ``msg…`` fields are the envelope."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prodiguer.domain.message import CLOCK_TOLERANCE, Message
from prodiguer.errors import Refused
from prodiguer.wire import codec, dialect, fields, sequence, timestamps, topics, uids
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.origin import Origin
from prodiguer.wire.strict import shown

#: What could not be taken from the message, or could not be believed.
UID_DERIVED = "uid-derived"
TIMESTAMP_MISSING = "timestamp-missing"
TIMESTAMP_FUTURE = "timestamp-future"
PRODUCER_INVALID = "producer-invalid"

UNKNOWN_PRODUCER = "unknown"
VERSION_LIMIT = 64

_CODE = re.compile(r"[a-z0-9_-]{1,32}")


def read_element(raw: bytes, origin: Origin, catalog: Catalog) -> Message:
    """One JSON object.

    Args:
        raw: its bytes as they came in; an id that is missing is derived from them.
        origin: where it came in.
        catalog: the types that are known.

    Raises:
        Refused: it can never be accepted as it stands; `Refused.message_code` names its code where
            that can be read.
    """
    return read_object(codec.decode_object(raw), raw, origin, catalog)


def read_object(
    given: Mapping[str, Any],
    raw: bytes,
    origin: Origin,
    catalog: Catalog,
    *,
    flags: tuple[str, ...] = (),
    position: int | None = None,
    awaits: bool = False,
) -> Message:
    """The same from the object that ``raw`` was parsed to.

    Args:
        given: the parsed object.
        raw: the bytes that it was parsed from; an id that is missing is derived from them.
        origin: where it came in.
        catalog: the types that are known.
        flags: what the door had to repair.
        position: the line of the mail's text.
        awaits: an attachment may still be joined to it (see `prodiguer.wire.mail`).
    """
    try:
        return _read(given, raw, origin, catalog, flags, position, awaits)
    except Refused as refused:
        code = given.get("msgCode")
        refused.message_code = shown(code, 32) if isinstance(code, str) else None
        raise


def _read(
    given: Mapping[str, Any],
    raw: bytes,
    origin: Origin,
    catalog: Catalog,
    flags: tuple[str, ...],
    position: int | None,
    awaits: bool,
) -> Message:
    received = _code(given)
    producer, producer_flags = _producer(given)
    version = _version(given)
    spoken = dialect.of(producer, version)
    type_, code, received_code, app = dialect.meaning(received, spoken, catalog)
    body = {name: value for name, value in given.items() if name[:3] != "msg"}
    checked = fields.check(type_.TYPE, body, awaits=awaits)
    uid, uid_flags = _uid(given, raw, origin)
    timestamp, timestamp_raw, time_flags = _time(given, origin)
    boot, seq, seq_flags = sequence.read(given.get("msgBoot"), given.get("msgSeq"))
    return type_(
        uid=uid,
        code=code,
        received_code=received_code,
        app=app,
        mode=origin.mode,
        user=origin.user,
        producer=producer,
        producer_version=version or ("" if spoken == dialect.OLD else "0"),
        dialect=spoken,
        simulation_uid=checked.simulation_uid,
        job_uid=checked.job_uid,
        timestamp=timestamp,
        timestamp_raw=timestamp_raw,
        received_at=origin.received_at,
        door=origin.door,
        mail=origin.mail,
        position=position,
        flags=flags + producer_flags + uid_flags + time_flags + checked.flags + seq_flags,
        body=body,
        digest=codec.digest(given),
        boot=boot,
        seq=seq,
    )


def _code(given: Mapping[str, Any]) -> str:
    code = given.get("msgCode")
    if fields.is_absent(code):
        raise Refused("missing-fields", "msgCode")
    if type(code) is not str or _CODE.fullmatch(code) is None:
        raise Refused("bad-field", "msgCode", "a text such as 0000 or 1999")
    return code


def _producer(given: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    value = given.get("msgProducer")
    if fields.is_absent(value):
        return UNKNOWN_PRODUCER, ()
    # Only ASCII: the Kelvin sign is a `k` once it is in lower case.
    word = value.lower() if type(value) is str and value.isascii() else ""
    return (word, ()) if topics.is_word(word) else (UNKNOWN_PRODUCER, (PRODUCER_INVALID,))


def _version(given: Mapping[str, Any]) -> str | None:
    value = given.get("msgProducerVersion")
    if fields.is_absent(value):
        return None
    if type(value) in (int, float):
        return str(value)
    if type(value) is str and len(value) <= VERSION_LIMIT:
        return value
    raise Refused("bad-field", "msgProducerVersion", f"more than {VERSION_LIMIT} characters")


def _uid(given: Mapping[str, Any], raw: bytes, origin: Origin) -> tuple[str, tuple[str, ...]]:
    value = given.get("msgUID")
    if fields.is_absent(value):
        return derived_uid(raw, origin), (UID_DERIVED,)
    uid = uids.normalise(value) if type(value) is str else None
    if uid is None:
        raise Refused("bad-field", "msgUID", "not a UUID")
    return uid, ()


def derived_uid(raw: bytes, origin: Origin) -> str:
    """The id of a message that has none: of its bytes without their final newline and the Date."""
    name = raw.removesuffix(b"\n").removesuffix(b"\r")
    if origin.sent_raw:
        name += b"\n" + origin.sent_raw.encode()
    return uids.derive(uids.NAMESPACE, name)


def part_uid(uid: str, content: bytes) -> str:
    """The id of a message that was made of one attachment of the message ``uid``."""
    return uids.derive(uuid.UUID(uid), content)


def _time(given: Mapping[str, Any], origin: Origin) -> tuple[datetime, str | None, tuple[str, ...]]:
    value = given.get("msgTimestamp")
    flags: tuple[str, ...] = ()
    if fields.is_absent(value):
        time, written, flags = origin.sent_at or origin.received_at, None, (TIMESTAMP_MISSING,)
    else:
        time, written = _parsed(value), value
    if time > origin.received_at + CLOCK_TOLERANCE:
        flags = (*flags, TIMESTAMP_FUTURE)
    return time, written, flags


def _parsed(value: Any) -> datetime:
    if type(value) is not str:
        raise Refused("bad-field", "msgTimestamp", "a text, not a number")
    try:
        return timestamps.parse(value)
    except ValueError as error:
        raise Refused("bad-field", "msgTimestamp", str(error)) from None
