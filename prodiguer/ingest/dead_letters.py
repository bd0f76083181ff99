"""Dead letters of the doors; their ids follow from what they hold, so a repeat adds none."""

from __future__ import annotations

import hashlib

from prodiguer.errors import Refused
from prodiguer.ports.store import DeadLetter
from prodiguer.wire.mail import DeadLine
from prodiguer.wire.origin import Origin


def of_line(found: DeadLine, origin: Origin) -> DeadLetter:
    """A line or an attachment of a mail that is no message."""
    return DeadLetter(
        id=_digest(origin.mail or "", found.form, str(found.position)),
        at=origin.received_at,
        reason=found.reason,
        detail=found.detail,
        stage="decode",
        door=origin.door,
        mail=origin.mail,
        position=found.position,
        code=found.code,
        bytes=found.bytes,
        form=found.form,
        context=_context(origin),
    )


def of_mail(content: bytes, refused: Refused, origin: Origin) -> DeadLetter:
    """A mail that is refused as a whole; ``origin.mail`` is its identity."""
    return DeadLetter(
        id=_digest(origin.mail or "", "mail"),
        at=origin.received_at,
        reason=refused.reason,
        detail=refused.detail,
        stage="decode",
        door=origin.door,
        mail=origin.mail,
        bytes=content,
        form="mail",
        context=_context(origin),
    )


def of_element(raw: bytes, index: int, refused: Refused, origin: Origin) -> DeadLetter:
    """An element of an HTTP body that is no message; the same bytes are one dead letter."""
    return DeadLetter(
        id=_digest(origin.door, "element", hashlib.sha256(raw).hexdigest()),
        at=origin.received_at,
        reason=refused.reason,
        detail=refused.detail,
        stage="decode",
        door=origin.door,
        position=index,
        code=refused.message_code,
        bytes=raw,
        form="element",
        context=_context(origin),
    )


def _context(origin: Origin) -> dict[str, str | None]:
    """What the decoder needs besides the bytes when they are sent again."""
    return {
        "user": origin.user,
        "received_at": origin.received_at.isoformat(),
        "sent_at": origin.sent_at.isoformat() if origin.sent_at else None,
        "sent_raw": origin.sent_raw,
    }


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()
