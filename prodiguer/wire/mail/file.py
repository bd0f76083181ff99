"""A mail on disk, opened: who sent it when, its parts, its identity, its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from prodiguer.errors import Refused
from prodiguer.wire.mail import dates, headers, identity, structure, text, transfer
from prodiguer.wire.mail.line import looks_like_message
from prodiguer.wire.mail.source import Source
from prodiguer.wire.mail.structure import Part
from prodiguer.wire.strict import shown

#: Bytes of a mail.
SIZE_LIMIT = 96 * 1024 * 1024
#: Lines that are not blank: as many messages and dead letters one mail can make.
LINE_COUNT_LIMIT = 200_000

_ADDRESS = re.compile(r"[^\s<>()@,;:\"]{1,128}@[^\s<>()@,;:\"]{1,255}")


class MailFile:
    """A mail whose structure is known; its content is read from the file when it is asked for.

    Args:
        file: the mail, open for reading in binary from its first byte on; it stays the caller's
            and must stay open.

    Raises:
        Refused: ``too-large``, ``empty`` or ``mime-limit``.
    """

    def __init__(self, file: BinaryIO) -> None:
        source = Source(file)
        if source.size > SIZE_LIMIT:
            raise Refused("too-large", "mail", f"{source.size} bytes, {SIZE_LIMIT} are allowed")
        block = headers.read(source, 0, source.size)
        self._source = source
        self.size = source.size
        found = structure.read(source, block)
        self.parts = found.parts
        self._margins = found.margins
        #: The mail's Date as it stands there, ``""`` where there is none.
        self.date_raw = block.values.get("date", "")
        #: The same in UTC, None where it cannot be read.
        self.date: datetime | None = dates.parse(self.date_raw)
        self.sender = _address(block.values.get("from", ""))
        #: For a reader: printable, at most 200 characters.
        self.subject = shown(block.values.get("subject", ""), 200)
        #: The identity of the mail: SHA-256 (hex) over the decoded bytes of all its parts.
        self.id, blank = self._look_through()
        #: What no line is read from, and that is not blank.
        self.attachments = [p for p in self.parts if not p.holds_lines and p.number not in blank]

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of the texts in which messages stand, numbered from 1 through all texts.

        Behind them what stands around the parts of a multipart and looks like a message.
        """
        first = 1
        for part in self.parts:
            if part.holds_lines:
                for first, line in text.lines(self.pieces(part), first):  # noqa: B020 - counts on
                    yield first, line
                first += 1
        for margin in self._margins:
            for first, line in text.lines(self.pieces(margin), first):  # noqa: B020 - counts on
                # A boundary may look like base64, and stands in the margin that it begins.
                if not line.startswith(b"--") and looks_like_message(line):
                    yield first, line
            first += 1

    def content(self, part: Part) -> bytes:
        """The decoded bytes of one part, all of them."""
        return b"".join(self.pieces(part))

    def pieces(self, part: Part) -> Iterator[bytes]:
        """The same bit by bit."""
        return transfer.decoded(self._source, part)

    def _look_through(self) -> tuple[str, frozenset[int]]:
        """Decode all of it once: its identity, and the numbers of the parts that are blank."""
        found = [(part.number, *self._digest(part)) for part in self.parts]
        blank = frozenset(number for number, digest, _ in found if digest.blank)
        if len(blank) == len(self.parts):
            raise Refused("empty", detail="there is nothing in this mail")
        total = sum(count.total for _, _, count in found)
        if total > LINE_COUNT_LIMIT:
            raise Refused("mime-limit", "lines", f"{total}, {LINE_COUNT_LIMIT} are allowed")
        return identity.of_parts(digest.digest() for _, digest, _ in found), blank

    def _digest(self, part: Part) -> tuple[identity.PartDigest, text.LineCount]:
        digest, count = identity.PartDigest(is_text=part.is_text), text.LineCount()
        for piece in self.pieces(part):
            digest.add(piece)
            if part.holds_lines:
                count.add(piece)
        return digest, count


def identity_of_refused(file: BinaryIO) -> str:
    """The identity of a mail that `MailFile` refuses."""
    return identity.of_bytes(Source(file))


def _address(text: str) -> str | None:
    found = _ADDRESS.search(text[:1000])
    return found.group() if found else None
