"""The header block of a mail or of a part: by hand, in linear time, within limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from prodiguer.errors import Refused
from prodiguer.wire.mail.source import Source

#: Bytes and lines of one header block.
BLOCK_LIMIT = 64 * 1024
COUNT_LIMIT = 200

_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]++|\\.)*+)"|([^;]*))', re.DOTALL)
_QUOTED = re.compile(r"\\(.)", re.DOTALL)


class Block(NamedTuple):
    """Headers by lower-case name, the first of each, and where the body begins."""

    values: Mapping[str, str]
    body: int


class Value(NamedTuple):
    """A header such as ``text/plain; charset=utf-8``: the word in lower case, its parameters."""

    word: str
    parameters: Mapping[str, str]


def read(source: Source, start: int, end: int) -> Block:
    """The header block that begins at ``start``.

    It ends with a blank line, or before the first line that cannot be a header: then there are
    none, and the text begins at once.

    Raises:
        Refused: ``mime-limit: headers``.
    """
    block = source.read(start, min(end, start + BLOCK_LIMIT + 1))
    found: list[list[bytes]] = []
    at = 0
    for line in block.split(b"\n"):
        text = line.rstrip(b"\r")
        if not text:
            return Block(_values(found), min(end, start + at + len(line) + 1))
        if not _take(found, text, first=at == 0):
            return Block(_values(found), start + at)
        if len(found) > COUNT_LIMIT:
            raise Refused("mime-limit", "headers", f"more than {COUNT_LIMIT}")
        at += len(line) + 1
    if len(block) > BLOCK_LIMIT:
        raise Refused("mime-limit", "headers", f"more than {BLOCK_LIMIT} bytes")
    return Block(_values(found), end)


def _take(found: list[list[bytes]], line: bytes, *, first: bool) -> bool:
    """Add a line to the headers; False where it is none."""
    if line[:1] in (b" ", b"\t"):
        if found:
            found[-1].append(line)
        return bool(found)
    if _NAME.match(line):
        found.append([line])
        return True
    return first and line.startswith(b"From ")  # the line that mailbox files begin a mail with


def _values(found: list[list[bytes]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for lines in found:
        name, _, value = b"".join(lines).partition(b":")
        text = value.decode("utf-8", "replace").strip()
        values.setdefault(name.decode("ascii").strip().lower(), text)
    return values


def structured(text: str) -> Value:
    """Take a header with parameters apart; what makes no sense in it is left out."""
    word, mark, rest = text.partition(";")
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(mark + rest):
        name, quoted, plain = match.groups()
        value = plain.strip() if quoted is None else _QUOTED.sub(r"\1", quoted)
        parameters.setdefault(name.lower(), value)
    return Value(word.partition("(")[0].strip().lower(), parameters)


def parameter(value: Value, name: str) -> str | None:
    """A parameter, also where it comes encoded or in numbered pieces (RFC 2231)."""
    plain = value.parameters.get(name)
    if plain is not None:
        return plain
    whole = value.parameters.get(f"{name}*")
    return _numbered(value, name) if whole is None else _decoded(whole)


def _numbered(value: Value, name: str) -> str | None:
    pieces = []
    for index in range(len(value.parameters)):
        piece = value.parameters.get(f"{name}*{index}", value.parameters.get(f"{name}*{index}*"))
        if piece is None:
            break
        pieces.append(piece)
    return _decoded("".join(pieces)) if pieces else None


def _decoded(text: str) -> str:
    """``utf-8'en'config%2Ecard``, or no more than the percent signs of it."""
    return unquote_to_bytes(text.rpartition("'")[2]).decode("utf-8", "replace")
