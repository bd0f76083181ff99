"""One line of a mail: the base64 of one message."""

from __future__ import annotations

import binascii
import re

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.wire import base64_text, intake, repair
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.origin import Origin

#: Bytes of a line: the base64 of 1 MiB, and some blanks.
LIMIT = 1_400_000

_BLANKS = b" \t\r\n\x0b\x0c"
_OBJECT = re.compile(rb'\s*\{\s*["}\\]')


def read_line(
    line: bytes,
    origin: Origin,
    catalog: Catalog,
    *,
    position: int | None = None,
    awaits: bool = False,
) -> Message:
    """The message of a line.

    Args:
        line: without its newline.
        origin: where it came in.
        catalog: the types that are known.
        position: its number, from 1.
        awaits: an attachment may still be joined to it.

    Raises:
        Refused: it can never be accepted as it stands.
    """
    if len(line) > LIMIT:
        raise Refused("too-large", "line", f"{len(line)} bytes, {LIMIT} are allowed")
    raw, padded = base64_text.decode(line)
    given, unescaped = repair.decode_object(raw)
    flags = (base64_text.REPAIRED,) if padded else ()
    if unescaped:
        flags = (*flags, repair.REPAIRED)
    return intake.read_object(
        given, raw, origin, catalog, flags=flags, position=position, awaits=awaits
    )


def is_skipped(line: bytes) -> bool:
    """A blank line, or a comment."""
    text = line.lstrip(_BLANKS)
    return not text or text[:1] == b"#"


def looks_like_message(line: bytes) -> bool:
    """Whether the base64 at its beginning is the beginning of a JSON object."""
    head = line[:400].translate(None, _BLANKS)
    try:
        return _OBJECT.match(binascii.a2b_base64(head[: len(head) // 4 * 4])) is not None
    except binascii.Error:
        return False


def is_base64(line: bytes) -> bool:
    """Whether all of it is base64, with nothing to repair."""
    try:
        return not base64_text.decode(line)[1]
    except Refused:
        return False
