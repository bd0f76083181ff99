"""Dead letters of deliveries: the bytes, and all that is needed to send them again.

The id is a digest of what was delivered, so that the same delivery adds one dead letter however
often it comes. What any app would refuse alike (`decode`, `id-conflict`) belongs to no app and
is one dead letter, though several queues hold a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.ports.store import DeadLetter
from prodiguer.ports.transport import (
    EXCHANGE_HEADER,
    FIRST_ROUTING_KEY,
    REASON_HEADER,
    Delivery,
)


def undecodable(delivery: Delivery, error: Refused, at: datetime) -> DeadLetter:
    """What came is no message."""
    code = error.message_code
    return _letter(delivery, at, error.reason, detail=error.detail, stage="decode", code=code)


def conflicting(delivery: Delivery, message: Message, at: datetime) -> DeadLetter:
    """Another message has this id."""
    detail = (
        f"message {message.uid} came before with other content, which is the one that counts;"
        " the sender must give every message an id of its own"
    )
    return _letter(delivery, at, "id-conflict", detail=detail, stage="decode", message=message)


def misrouted(delivery: Delivery, app: str, at: datetime) -> DeadLetter:
    """It lies in a queue whose bindings do not match its routing key."""
    detail = f"routing key {delivery.routing_key!r} matches no binding of app {app}"
    return _letter(delivery, at, "misrouted", detail=detail, stage="route", app=app)


def unroutable(delivery: Delivery, at: datetime) -> DeadLetter:
    """No queue takes it, or the broker gave it up by itself."""
    original = _before_death(delivery)
    if "x-death" in delivery.properties.headers:
        detail = "no consumer acknowledged it however often the broker delivered it"
        return _letter(original, at, "crash: given up by the broker", detail=detail, stage="route")
    detail = (
        f"no app takes {original.routing_key!r} from {original.exchange or 'the default exchange'};"
        " install or declare one that does, then send it again"
    )
    return _letter(original, at, "unroutable", detail=detail, stage="route")


def refused(
    delivery: Delivery, message: Message, app: str, error: Refused, at: datetime
) -> DeadLetter:
    """A handler refuses it for good, or fails on it, alone, again and again (`Refused.crash`)."""
    return _letter(
        delivery, at, error.reason, detail=error.detail, stage="handle", app=app, message=message
    )


def killer(delivery: Delivery, app: str, at: datetime) -> DeadLetter:
    """The process died of it, the last time when it was handled alone."""
    detail = f"app {app} died while it handled this message, at the last with no other beside it"
    reason = "crash: killed the process"
    return _letter(delivery, at, reason, detail=detail, stage="handle", app=app)


def plain(value: Any, depth: int = 8) -> Any:
    """A value of an AMQP table as JSON: odd types as text, NUL and lone surrogates escaped."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Mapping) and depth:
        return {plain(str(key)): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and depth:
        return [plain(item, depth - 1) for item in value]
    text = value if isinstance(value, str) else repr(value)
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def _before_death(delivery: Delivery) -> Delivery:
    """As it was published, without what the broker noted when it found no queue."""
    headers = dict(delivery.properties.headers)
    headers.pop(REASON_HEADER, None)
    exchange = headers.pop(EXCHANGE_HEADER, delivery.exchange)
    return delivery._replace(
        exchange=exchange if isinstance(exchange, str) else delivery.exchange,
        properties=delivery.properties._replace(headers=headers),
    )


def _letter(
    delivery: Delivery,
    at: datetime,
    reason: str,
    *,
    detail: str,
    stage: str,
    app: str | None = None,
    message: Message | None = None,
    code: str | None = None,
) -> DeadLetter:
    properties = delivery.properties
    mail = properties.headers.get("mail_id")
    code = message.code if message else code or properties.type
    return DeadLetter(
        id=_id(delivery, reason.partition(":")[0], app),
        at=at,
        reason=plain(reason),
        detail=plain(detail),
        stage=stage,
        door=message.door if message else "amqp",
        mail=message.mail if message else plain(mail) if isinstance(mail, str) else None,
        position=message.position if message else None,
        code=plain(code[:64]) if isinstance(code, str) else None,
        bytes=delivery.body,
        form="delivery",
        context=_context(delivery),
        app=app,
        message_uid=message.uid if message else None,
    )


def _id(delivery: Delivery, code: str, app: str | None) -> str:
    properties = delivery.properties
    headers = properties.headers or {}
    content = str(headers.get("digest") or "")
    # One that was sent again went into its queue by name; it is the same letter all the same.
    key = str(headers.get(FIRST_ROUTING_KEY) or delivery.routing_key)
    parts = (code, app or "", key, str(properties.message_id or ""), content)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace"))
    digest.update(b"\0" + delivery.body)
    return digest.hexdigest()


def _context(delivery: Delivery) -> dict[str, Any]:
    """``exchange``, ``routing_key``, ``headers`` and the properties, each by its name."""
    properties = delivery.properties
    return {
        "exchange": delivery.exchange,
        "routing_key": plain(delivery.routing_key),
        "message_id": plain(properties.message_id),
        "type": plain(properties.type),
        "app_id": plain(properties.app_id),
        "user_id": plain(properties.user_id),
        "timestamp": plain(properties.timestamp),
        "content_type": plain(properties.content_type),
        "content_encoding": plain(properties.content_encoding),
        "headers": plain(properties.headers),
    }
