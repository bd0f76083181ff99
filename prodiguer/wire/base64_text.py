"""Base64 as clients write it: strict in its alphabet, lenient in blanks and missing padding."""

from __future__ import annotations

import binascii
import re

from prodiguer.errors import Refused

#: The flag of a message whose base64 lacked its padding.
REPAIRED = "repaired-padding"

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/= \t\r\n\x0b\x0c]")
_INNER_PADDING = re.compile(rb"=++(?=[^=])")
_BLANKS = b" \t\r\n\x0b\x0c"


def decode(text: bytes) -> tuple[bytes, bool]:
    """The bytes, and whether padding had to be added.

    Raises:
        Refused: ``not-base64`` with the place of what does not belong there.
    """
    try:
        return binascii.a2b_base64(text, strict_mode=True), False
    except binascii.Error:
        return _decode_slowly(text)


def _decode_slowly(text: bytes) -> tuple[bytes, bool]:
    foreign = _FOREIGN.search(text)
    if foreign is not None:
        raise Refused("not-base64", f"byte {foreign.start()}", "a character that base64 lacks")
    joined = text.translate(None, _BLANKS)
    inner = _INNER_PADDING.search(joined)
    if inner is not None:
        raise Refused("not-base64", f"byte {inner.start()}", "padding in the middle")
    lacking = -len(joined) % 4
    try:
        return binascii.a2b_base64(joined + b"=" * lacking, strict_mode=True), lacking > 0
    except binascii.Error:
        raise Refused("not-base64", f"byte {len(text)}", "it is cut off in the middle") from None
