"""A message on its way in from a broker, whoever put it there.

Messages of the platform's own doors and of foreign producers come through the same queues, so
nothing that the properties say is believed without a look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from prodiguer.domain.message import CLOCK_TOLERANCE, Message
from prodiguer.errors import Refused
from prodiguer.wire import base64_text, codec, dialect, fields, sequence, timestamps, topics, uids
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.dialect import Meaning
from prodiguer.wire.envelope.outgoing import BODY_LIMIT
from prodiguer.wire.intake import TIMESTAMP_FUTURE, TIMESTAMP_MISSING, VERSION_LIMIT
from prodiguer.wire.properties import Properties

#: The door of messages that no door of the platform took in.
DOOR = "amqp"

_JSON = "application/json"
_BASE64 = frozenset({"application/base64", "application/base64+json"})
_UTF8 = frozenset({"utf-8", "utf8"})
_FLAGS = re.compile(r"[a-z0-9-]{1,40}(?:,[a-z0-9-]{1,40}){0,31}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAIL = re.compile(r"[0-9A-Za-z-]{1,128}")


def from_amqp(
    routing_key: str,
    properties: Properties,
    body: bytes,
    catalog: Catalog,
    now: datetime,
    *,
    inside: bool = False,
) -> Message:
    """The message that a delivery holds.

    Args:
        routing_key: as it was published with.
        properties: as they were published with.
        body: as it was published.
        catalog: the types that are known.
        now: the arrival of a message that no door of the platform dated.
        inside: it comes from an exchange where the platform alone may write, so that codes that
            are internal are right there.

    Raises:
        Refused: it can never be accepted as it stands.
    """
    try:
        return _read(routing_key, properties, body, catalog, now, inside)
    except Refused as refused:
        refused.message_code = refused.message_code or _code_of(routing_key, properties)
        raise


def _read(
    routing_key: str,
    properties: Properties,
    body: bytes,
    catalog: Catalog,
    now: datetime,
    inside: bool,
) -> Message:
    key = topics.parse(routing_key)
    headers = properties.headers or {}
    spoken = _dialect(headers, key)
    type_, code, received, app = _meaning(key, headers, spoken, catalog, inside)
    _check_words(properties, headers, key, app)
    version = _version(headers, spoken)
    given = codec.decode_object(_json(properties, body), limit=BODY_LIMIT)
    checked = fields.check(type_.TYPE, given)
    received_at = _received_at(headers, now)
    timestamp, timestamp_raw, time_flags = _time(properties, headers, received_at)
    boot, seq, seq_flags = sequence.read(headers.get("boot"), headers.get("seq"))
    return type_(
        uid=_message_id(properties),
        code=code,
        received_code=received,
        app=app,
        mode=key.mode,
        user=key.user,
        producer=key.producer,
        producer_version=version,
        dialect=spoken,
        simulation_uid=checked.simulation_uid or _correlation(headers, "correlation_id_1"),
        job_uid=checked.job_uid or _correlation(headers, "correlation_id_2"),
        timestamp=timestamp,
        timestamp_raw=timestamp_raw,
        received_at=received_at,
        door=_word(headers, "door", DOOR),
        mail=_matching(headers, "mail_id", _MAIL),
        position=_position(headers),
        flags=_all_flags(headers, checked.flags + time_flags + seq_flags),
        body=given,
        digest=_matching(headers, "digest", _DIGEST) or codec.digest(given),
        boot=boot,
        seq=seq,
    )


def _position(headers: Mapping[str, Any]) -> int | None:
    found = headers.get("position")
    return found if type(found) is int and 0 <= found < 1 << 31 else None


def _code_of(routing_key: str, properties: Properties) -> str | None:
    try:
        return topics.parse(routing_key).type
    except Refused:
        code = properties.type
        return code if isinstance(code, str) and topics.is_word(code) else None


def _dialect(headers: Mapping[str, Any], key: topics.Key) -> str:
    spoken = headers.get("dialect", dialect.NEW)
    if spoken == dialect.NEW or (spoken == dialect.OLD and key.producer == dialect.PRODUCER):
        return str(spoken)
    raise Refused("bad-field", "dialect", "2016, or 2014 from libigcm")


def _meaning(
    key: topics.Key, headers: Mapping[str, Any], spoken: str, catalog: Catalog, inside: bool
) -> Meaning:
    """What the type word means; the app word must be the one that the catalog gives it.

    The app word ``unknown`` is right too: the type's package may have been installed since.
    """
    if inside and catalog.is_internal(key.type):
        found = dialect.said_by_platform(key.type, catalog)
    elif "received_code" in headers:
        found = dialect.meaning(_received(headers, key, spoken), spoken, catalog)
    else:
        found = dialect.meaning_as_routed(key.type, spoken, catalog)
    if key.app not in (found.app, dialect.UNKNOWN_APP) and found.app != dialect.UNKNOWN_APP:
        raise Refused("misrouted", "app", f"code {key.type} belongs to {found.app}")
    return found


def _received(headers: Mapping[str, Any], key: topics.Key, spoken: str) -> str:
    """The code of 2014 that was translated to the type word."""
    code = headers["received_code"]
    if spoken != dialect.OLD or not isinstance(code, str):
        raise Refused("bad-field", "received_code", "only a message of 2014 has one")
    if dialect.TRANSLATED.get(code) != key.type:
        raise Refused("bad-field", "received_code", f"it does not mean {key.type}")
    return code


def _check_words(
    properties: Properties, headers: Mapping[str, Any], key: topics.Key, app: str
) -> None:
    if properties.type not in (None, key.type):
        raise Refused("misrouted", "type", f"the routing key says {key.type}")
    if properties.app_id not in (None, key.app, app):
        raise Refused("misrouted", "app_id", f"the routing key says {key.app}")
    producer = headers.get("producer_id")
    if producer is None:
        raise Refused("missing-fields", _missing_headers(headers))
    if not isinstance(producer, str) or producer.lower() != key.producer:
        raise Refused("misrouted", "producer_id", f"the routing key says {key.producer}")


def _missing_headers(headers: Mapping[str, Any]) -> str:
    wanted = ("producer_id", "producer_version")
    return ", ".join(name for name in wanted if fields.is_absent(headers.get(name)))


def _version(headers: Mapping[str, Any], spoken: str) -> str:
    version = headers.get("producer_version")
    if fields.is_absent(version):
        if spoken == dialect.OLD:
            return ""
        raise Refused("missing-fields", "producer_version")
    if type(version) in (int, float):
        version = str(version)
    if not isinstance(version, str) or len(version) > VERSION_LIMIT:
        raise Refused("bad-field", "producer_version", f"a text of at most {VERSION_LIMIT}")
    return version


def _json(properties: Properties, body: bytes) -> bytes:
    """The body without the encodings that the properties name."""
    encoding = properties.content_encoding
    if encoding is not None and str(encoding).lower() not in _UTF8:
        raise Refused("bad-field", "content_encoding", "utf-8 is the only one")
    if properties.content_type in (_JSON, None):
        return body
    kind, _, rest = str(properties.content_type).lower().partition(";")
    name, _, charset = rest.partition("=")
    if rest and (name.strip() != "charset" or charset.strip(' "') not in _UTF8):
        raise Refused("bad-field", "content_type", "utf-8 is the only charset")
    if kind.strip() in _BASE64:
        return base64_text.decode(body)[0]
    if kind.strip() != _JSON:
        raise Refused("bad-field", "content_type", f"{_JSON} or base64 of it")
    return body


def _message_id(properties: Properties) -> str:
    given = properties.message_id
    if fields.is_absent(given):
        raise Refused("missing-fields", "message_id")
    uid = uids.normalise(given) if isinstance(given, str) else None
    if uid is None:
        raise Refused("bad-field", "message_id", "not a UUID")
    return uid


def _correlation(headers: Mapping[str, Any], name: str) -> str | None:
    given = headers.get(name)
    if fields.is_absent(given):
        return None
    uid = uids.normalise_known(given) if isinstance(given, str) and len(given) < 64 else None
    if uid is None:
        raise Refused("bad-field", name, "not a UUID")
    return uid


def _received_at(headers: Mapping[str, Any], now: datetime) -> datetime:
    """When a door of the platform took it in; nothing arrives later than now."""
    given = headers.get("received_at")
    if given is None:
        return now
    time = _arrival(given) if isinstance(given, str) else _parsed(given, "received_at")
    return now if time > now + CLOCK_TOLERANCE else time


#: All messages of a mail or of a request have arrived together.
@lru_cache(maxsize=256)
def _arrival(given: str) -> datetime:
    return _parsed(given, "received_at")


def _time(
    properties: Properties, headers: Mapping[str, Any], received_at: datetime
) -> tuple[datetime, str | None, tuple[str, ...]]:
    given, raw = headers.get("timestamp"), headers.get("timestamp_raw")
    if raw is not None and not (isinstance(raw, str) and len(raw) <= 64):
        raise Refused("bad-field", "timestamp_raw", "a text of at most 64 characters")
    flags: tuple[str, ...] = ()
    if given is not None:
        time = _parsed(given, "timestamp")
    elif properties.timestamp is not None:
        time = _from_number(properties.timestamp)
    else:
        time, flags = received_at, (TIMESTAMP_MISSING,)
    if time > received_at + CLOCK_TOLERANCE:
        flags = (*flags, TIMESTAMP_FUTURE)
    return time, raw, flags


def _parsed(given: Any, name: str) -> datetime:
    try:
        return timestamps.parse(given if isinstance(given, str) else "")
    except ValueError as error:
        raise Refused("bad-field", name, str(error)) from None


def _from_number(count: Any) -> datetime:
    """Seconds since the epoch; sixteen digits are microseconds, as the first platform sent them."""
    if type(count) is not int:
        raise Refused("bad-field", "timestamp", "whole seconds since the epoch")
    try:
        return timestamps.from_microseconds(
            count if 10**15 <= count < 10**16 else count * 1_000_000
        )
    except ValueError as error:
        raise Refused("bad-field", "timestamp", str(error)) from None


def _word(headers: Mapping[str, Any], name: str, default: str) -> str:
    given = headers.get(name, default)
    if not (isinstance(given, str) and topics.is_word(given)):
        raise Refused("bad-field", name, "a word of a-z, 0-9, _ and -")
    return given


def _matching(headers: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    given = headers.get(name)
    if given is None:
        return None
    if not (isinstance(given, str) and form.fullmatch(given)):
        raise Refused("bad-field", name)
    return given


def _all_flags(headers: Mapping[str, Any], found: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the door set, and those found again, each once."""
    given = _matching(headers, "flags", _FLAGS)
    return tuple(dict.fromkeys((*given.split(","), *found))) if given else found
