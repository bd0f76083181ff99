"""The parts of a mail: where each stands and how its bytes are encoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from prodiguer.errors import Refused
from prodiguer.wire.mail import headers
from prodiguer.wire.mail.headers import Value
from prodiguer.wire.mail.source import Source
from prodiguer.wire.strict import shown

PART_LIMIT = 1000
#: Multiparts inside of each other.
DEPTH_LIMIT = 3
#: RFC 2046 allows 70.
BOUNDARY_LIMIT = 200

ENCODINGS = frozenset({"7bit", "8bit", "binary", "quoted-printable", "base64"})

#: Charsets in which base64 and line ends are what they are in ASCII.
_LIKE_ASCII = re.compile(
    r"(us-)?ascii|ansi_x3\.4-1968|utf-?8|unknown-8bit|iso-?8859-?\d{1,2}(-\w)?|latin-?\d{1,2}"
    r"|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift_jis"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has no parts itself."""

    #: From 1, in the order of the mail.
    number: int
    #: Its bytes in the mail, still encoded.
    start: int
    end: int
    #: Such as ``text/plain``.
    type: str
    #: The transfer encoding, one of `ENCODINGS`.
    encoding: str
    #: Lower case; ``""`` where it says none.
    charset: str
    filename: str | None
    #: It says of itself that it is an attachment, or has the name of a file, and is not alone.
    attached: bool

    @property
    def is_text(self) -> bool:
        """Its line ends are text, not data."""
        return self.type.startswith("text/")

    @property
    def holds_lines(self) -> bool:
        """Its lines are messages."""
        return self.type == "text/plain" and not self.attached


@dataclass(frozen=True, slots=True)
class Structure:
    """What a mail is made of."""

    parts: list[Part]
    #: What stands before the first and behind the last part of its multiparts, as plain texts:
    #: by the rules of MIME it is no content, but whoever wrote a message there meant it.
    margins: list[Part]


def read(source: Source, block: headers.Block) -> Structure:
    """All parts of a mail whose own headers are ``block``.

    Raises:
        Refused: ``mime-limit`` with what is too much or not known.
    """
    found = Structure([], [])
    _collect(source, block, source.size, 0, found)
    return found


def _collect(source: Source, block: headers.Block, end: int, depth: int, found: Structure) -> None:
    kind = headers.structured(block.values.get("content-type", ""))
    if not kind.word.startswith("multipart/"):
        found.parts.append(_part(len(found.parts) + 1, block, end, kind, alone=depth == 0))
        if len(found.parts) > PART_LIMIT:
            raise Refused("mime-limit", "parts", f"more than {PART_LIMIT}")
        return
    if depth == DEPTH_LIMIT:
        raise Refused("mime-limit", "depth", f"more than {DEPTH_LIMIT} multiparts in each other")
    boundary = headers.parameter(kind, "boundary") or ""
    if not 0 < len(boundary) <= BOUNDARY_LIMIT:
        raise Refused("mime-limit", "boundary", f"1 to {BOUNDARY_LIMIT} characters")
    first, behind = end, block.body
    for inner, inner_end in _between(source, block.body, end, boundary):
        first, behind = min(first, inner), inner_end
        inner_block = headers.read(source, inner, inner_end)
        _collect(source, inner_block, inner_end, depth + 1, found)
    for start, stop in ((block.body, first), (max(first, behind), end)):
        if start < stop:
            margin = Part(0, start, stop, "text/plain", "7bit", "", None, attached=False)
            found.margins.append(margin)


def _between(source: Source, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a multipart begin and end; what stands before and behind them is noise."""
    mark = re.escape(boundary.encode())
    pattern = re.compile(rb"\r?\n--" + mark + rb"(--)?[ \t]{0,200}\r?(?=\n)")
    begun: int | None = None
    for at, behind, match in source.lines_like(pattern, start, end, len(mark) + 220):
        if begun is not None:
            # The line end before a boundary belongs to the boundary.
            yield begun, max(begun, at - 1)
        if match[1]:
            return
        begun = behind + 1
    if begun is not None and begun < end:
        yield begun, end


def _part(number: int, block: headers.Block, end: int, kind: Value, *, alone: bool) -> Part:
    placed = headers.structured(block.values.get("content-disposition", ""))
    filename = headers.parameter(placed, "filename") or headers.parameter(kind, "name")
    part = Part(
        number=number,
        start=block.body,
        end=end,
        type=_type(kind.word, alone=alone and filename is None),
        encoding=_encoding(block.values.get("content-transfer-encoding", "")),
        charset=(headers.parameter(kind, "charset") or "").lower(),
        filename=filename,
        attached=not alone and (placed.word == "attachment" or filename is not None),
    )
    if part.holds_lines and part.charset and not _LIKE_ASCII.fullmatch(part.charset):
        raise Refused("mime-limit", "charset", f"{shown(part.charset)} is not known here")
    return part


def _type(word: str, *, alone: bool) -> str:
    """Mail programs call a text with a strange character binary: alone in a mail, it is text."""
    if "/" not in word or (alone and word == "application/octet-stream"):
        return "text/plain"
    return word


def _encoding(text: str) -> str:
    word = (text.partition(";")[0].partition("(")[0].split() or ["7bit"])[0].lower()
    if word not in ENCODINGS:
        raise Refused("mime-limit", "transfer-encoding", f"{shown(word)} is not known here")
    return word
