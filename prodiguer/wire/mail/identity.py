"""What makes two mails the same: the decoded bytes of their parts, not how relays wrapped them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from prodiguer.wire.mail.source import Source

_NEWLINES = b"\n" * 65_536


class PartDigest:
    """SHA-256 of a part, bit by bit.

    Relays change the line ends of texts, and add or drop blank lines at their end: these do not
    count.
    """

    def __init__(self, *, is_text: bool) -> None:
        self._hash = hashlib.sha256()
        self._is_text = is_text
        self._newlines = 0
        #: Nothing but white space until now.
        self.blank = True

    def add(self, piece: bytes) -> None:
        if piece and not piece.isspace():
            self.blank = False
        if not self._is_text:
            self._hash.update(piece)
            return
        text = piece.replace(b"\r", b"")
        content = text.rstrip(b"\n")
        if content:
            self._flush_newlines()
            self._hash.update(content)
        self._newlines += len(text) - len(content)

    def _flush_newlines(self) -> None:
        while self._newlines:
            self._hash.update(_NEWLINES[: self._newlines])
            self._newlines = max(0, self._newlines - len(_NEWLINES))

    def digest(self) -> bytes:
        return self._hash.digest()


def of_parts(digests: Iterable[bytes]) -> str:
    """The identity of a mail by those of its parts, in hex."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


def of_bytes(source: Source) -> str:
    """The identity of a mail whose parts cannot be told: all that follows its first blank line."""
    whole = hashlib.sha256(b"undecodable\n")
    for piece in _after_headers(source):
        whole.update(piece)
    return whole.hexdigest()


def _after_headers(source: Source) -> Iterator[bytes]:
    in_headers, last = True, b""
    for piece in source.pieces(0, source.size):
        if not in_headers:
            yield piece.replace(b"\r", b"")
            continue
        text = last + piece.replace(b"\r", b"")
        head, mark, body = text.partition(b"\n\n")
        last = head[-1:]
        if mark:
            in_headers = False
            yield body
    if in_headers:
        yield from source.pieces(0, source.size)
