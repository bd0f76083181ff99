"""Which message of a mail takes which attachment.

A config card goes to the one 0000 of the mail, anything else to its one 7010, 7011 or 7100. Where
no message could take an attachment, or several could, it is a dead letter: nobody guesses.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.wire import base64_text
from prodiguer.wire.fields import CARD_MISSING, is_absent
from prodiguer.wire.intake import part_uid
from prodiguer.wire.mail.dead import DeadLine, dead
from prodiguer.wire.mail.file import MailFile
from prodiguer.wire.mail.structure import Part
from prodiguer.wire.strict import shown

#: Decoded bytes of an attachment.
LIMIT = 1024 * 1024

CARD_FIELD = "configuration"
CARD_NAME = "config.card"

_BLANKS = b" \t\r\n\x0b\x0c"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Taker:
    """A message that takes an attachment, and the line that it was."""

    message: Message
    position: int
    line: bytes

    @property
    def field(self) -> str:
        return self.message.TYPE.attachment or ""


class Pool:
    """Attachments of one kind and the messages that could take them."""

    def __init__(self, mail: MailFile, parts: list[Part]) -> None:
        self._mail = mail
        self._parts = parts
        self._held: Taker | None = None
        self._takers = 0

    def offer(self, taker: Taker) -> Iterator[Message | DeadLine]:
        """Keep it until the end of the mail; give at once what gets no attachment."""
        self._takers += 1
        if self._takers == 1 and self._parts:
            self._held = taker
            return
        if self._held is not None:
            yield _alone(self._held)
            self._held = None
        yield _alone(taker)

    def end(self) -> Iterator[Message | DeadLine]:
        """The message that was kept, with what it takes; then what nobody takes."""
        left = self._parts
        if self._held is not None:
            each = self._held.message.TYPE.attachment_each
            taken, left = (left, []) if each else (left[:1], left[1:])
            yield from self._join(self._held, taken)
        for part in left:
            name = shown(part.filename or f"part {part.number}")
            refused = Refused("orphan-attachment", name, self._why())
            yield dead(part.number, self._mail.content(part), "part", refused)

    def _why(self) -> str:
        if self._takers > 1:
            return f"{self._takers} messages of this mail could take it"
        return "no message of this mail takes it" if self._takers == 0 else "one too many"

    def _join(self, taker: Taker, parts: list[Part]) -> Iterator[Message | DeadLine]:
        joined = False
        for part in parts:
            content = self._mail.content(part)
            try:
                yield _joined(taker, content)
            except Refused as refused:
                yield dead(part.number, content, "part", refused)
            else:
                joined = True
        if not joined:
            yield _alone(taker)


class Attachments:
    """All attachments of a mail."""

    def __init__(self, mail: MailFile) -> None:
        cards = [part for part in mail.attachments if _is_card(part)]
        others = [part for part in mail.attachments if not _is_card(part)]
        self._cards, self._others = Pool(mail, cards), Pool(mail, others)

    def pool_of(self, message: Message) -> Pool | None:
        """Where a message waits for its attachment; None where it takes none or has it already."""
        field = message.TYPE.attachment
        if field is None or not is_absent(message.body.get(field)):
            return None
        return self._cards if field == CARD_FIELD else self._others

    def end(self) -> Iterator[Message | DeadLine]:
        yield from self._cards.end()
        yield from self._others.end()


def _is_card(part: Part) -> bool:
    return part.filename is not None and CARD_NAME in part.filename.lower()


def _alone(taker: Taker) -> Message | DeadLine:
    """A message that gets no attachment."""
    message, declared = taker.message, taker.message.TYPE
    if taker.field in declared.required:
        refused = Refused("missing-attachment", taker.field, "its mail has no attachment for it")
        refused.message_code = message.received_code or message.code
        return dead(taker.position, taker.line, "line", refused)
    return replace(message, flags=(*message.flags, CARD_MISSING))


def _joined(taker: Taker, content: bytes) -> Message:
    if len(content) > LIMIT:
        raise Refused("too-large", "attachment", f"{len(content)} bytes, {LIMIT} are allowed")
    message, flags = taker.message, taker.message.flags
    if taker.field == CARD_FIELD:
        text, padded = _card(content)
        flags = (*flags, base64_text.REPAIRED) if padded else flags
    else:
        text = base64.b64encode(content)
    uid = part_uid(message.uid, content) if message.TYPE.attachment_each else message.uid
    body = {**message.body, taker.field: text.decode("ascii")}
    return replace(message, uid=uid, body=body, flags=tuple(dict.fromkeys(flags)))


def _card(content: bytes) -> tuple[bytes, bool]:
    """A card comes in base64 already: joined to one line, and whether padding was added."""
    text = content.translate(None, _BLANKS)
    lacking = -len(text) % 4
    if not _BASE64.fullmatch(text) or lacking == 3:
        raise Refused("not-base64", "attachment", "a config card comes in base64")
    return text + b"=" * lacking, lacking > 0
