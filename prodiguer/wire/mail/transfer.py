"""Transfer encodings undone piece by piece; what is broken in them is passed on as it stands."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator

from prodiguer.wire.mail.source import Source
from prodiguer.wire.mail.structure import Part

_QUOTED = re.compile(rb"=(?:([0-9A-Fa-f]{2})|[ \t]{0,200}\r?\n)")
#: The end of a piece that may be the beginning of such a token.
_BEGUN = re.compile(rb"=(?:[0-9A-Fa-f]?|[ \t]{0,200}\r?)\Z")
_BYTES = {b"%02X" % byte: bytes([byte]) for byte in range(256)}

_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


def decoded(source: Source, part: Part) -> Iterator[bytes]:
    """The bytes of a part, bit by bit; the line ends of a text are newlines."""
    pieces = source.pieces(part.start, part.end)
    if part.encoding == "base64":
        pieces = _base64(pieces)
    elif part.encoding == "quoted-printable":
        pieces = _quoted_printable(pieces)
    return _with_newlines(pieces) if part.is_text else pieces


def _with_newlines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A text's line ends are CRLF on the way, whatever they were at home."""
    held = b""
    for piece in pieces:
        text = held + piece
        held = b"\r" if text.endswith(b"\r") else b""
        yield text.removesuffix(b"\r").replace(b"\r\n", b"\n")
    if held:
        yield held


def _quoted_printable(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        text = held + piece
        begun = _BEGUN.search(text, max(0, len(text) - 210))
        held = text[begun.start() :] if begun else b""
        yield _QUOTED.sub(_unquoted, text[: len(text) - len(held)])
    if held:
        yield _QUOTED.sub(_unquoted, held + b"\n").removesuffix(b"\n")


def _unquoted(match: re.Match[bytes]) -> bytes:
    """A byte, or nothing for a line end that is none."""
    digits: bytes | None = match[1]
    return b"" if digits is None else _BYTES[digits.upper()]


def _base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Several encoded texts may follow each other: padding ends one, not all."""
    held = b""
    for piece in pieces:
        *ended, held = (held + piece.translate(None, _NOT_BASE64)).split(b"=")
        whole = len(held) // 4 * 4
        found = b"".join(map(_padded, ended)) + binascii.a2b_base64(held[:whole])
        held = held[whole:]
        if found:
            yield found
    if held:
        yield _padded(held)


def _padded(text: bytes) -> bytes:
    """A single character at the end holds no byte."""
    text = text[:-1] if len(text) % 4 == 1 else text
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))
