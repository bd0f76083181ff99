"""A line or an attachment that is no message: kept byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from prodiguer.errors import Refused


@dataclass(frozen=True, slots=True)
class DeadLine:
    """What a dead letter will hold of it."""

    #: The number of the line in the mail's text, or of the part; both from 1.
    position: int
    #: The line without its newline, or the decoded part.
    bytes: bytes
    #: ``line`` or ``part``.
    form: str
    #: ``code`` or ``code: where``.
    reason: str
    detail: str
    #: The code of the message, where it can be read.
    code: str | None


def dead(position: int, content: bytes, form: str, refused: Refused) -> DeadLine:
    """What was refused, and why."""
    return DeadLine(position, content, form, refused.reason, refused.detail, refused.message_code)
