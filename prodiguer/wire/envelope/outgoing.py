"""A message on its way out to a broker: routing key, properties, body."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prodiguer.domain.message import Message
from prodiguer.wire import codec, dialect, timestamps, topics
from prodiguer.wire.properties import Properties

#: Bytes of a body: a message of 1 MiB, an attachment of 1 MiB in base64, and the quotes.
BODY_LIMIT = 3 * 1024 * 1024


def to_amqp(message: Message) -> tuple[str, Properties, bytes]:
    """Routing key, properties and body.

    ``user_id`` stays empty: RabbitMQ wants the account of the connection, which only the
    transport knows.

    Raises:
        Refused: ``bad-field: routing_key``: a word of it breaks the grammar.
    """
    key = message.routing_key
    topics.parse(key)
    properties = Properties(
        message_id=message.uid,
        type=message.code,
        app_id=message.app,
        timestamp=timestamps.to_microseconds(message.timestamp) // 1_000_000,
        headers=_headers(message),
    )
    return key, properties, codec.encode(message.body)


def _headers(message: Message) -> dict[str, Any]:
    headers: dict[str, Any] = {
        "producer_id": message.producer,
        "timestamp": _iso(message.timestamp),
        "received_at": _iso(message.received_at),
        "door": message.door,
        "dialect": message.dialect,
        "digest": message.digest,
    }
    if message.dialect != dialect.OLD:
        headers["producer_version"] = message.producer_version
    if message.flags:
        headers["flags"] = ",".join(message.flags)
    optional = {
        "timestamp_raw": message.timestamp_raw,
        "correlation_id_1": message.simulation_uid,
        "correlation_id_2": message.job_uid,
        "mail_id": message.mail,
        "position": message.position,
        "received_code": message.received_code,
        "boot": message.boot,
        "seq": message.seq,
    }
    headers.update((name, value) for name, value in optional.items() if value is not None)
    return headers


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")
