"""The elements of an HTTP body: the raw bytes of each, so that one bad one spoils no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from prodiguer.errors import Refused
from prodiguer.wire import strict

_BLANK = b" \t\r\n"
_list = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
#: Runs of brackets are one token: a body of brackets alone is no slower than any other.
_TOKEN = re.compile(rb'[\[{]++|[\]}]++|,|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def split(body: bytes) -> Iterator[bytes]:
    """The raw elements of a JSON array, or the one object that the body is.

    What is wrong inside an element (its depth, its numbers, its encoding) is left to its decoder.

    Raises:
        Refused: ``not-json``, or ``not-object`` for a body that is neither array nor object; before
            the first element is given.
    """
    text = body.strip(_BLANK)
    if text[:1] not in (b"[", b"{"):
        raise _refusal_of(text)
    if text[:1] == b"{":
        _check(text)
        return iter([text])
    try:
        return map(bytes, _list.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return iter(_split_by_hand(text))


def split_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The raw elements of newline-delimited JSON: every line that is not blank."""
    for line in lines:
        element = line.strip(_BLANK)
        if element:
            yield element


def _refusal_of(text: bytes) -> Refused:
    try:
        _any.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return Refused("not-json", "byte 0", "the body is neither a JSON object nor an array")
    return Refused("not-object", detail="the body is neither a JSON object nor an array")


def _check(element: bytes) -> None:
    """Refuse what is no JSON; pass what is, or what its decoder refuses for another reason.

    Raises:
        Refused: ``not-json``.
    """
    try:
        _any.decode(element)
    except (msgspec.DecodeError, RecursionError):
        try:
            strict.decode_object(element, limit=len(element))
        except Refused as refused:
            if refused.code == "not-json":
                raise


def _split_by_hand(text: bytes) -> list[bytes]:
    """Cut an array at the commas of its own level, without recursion."""
    elements = [text[start:end].strip(_BLANK) for start, end in _spans(text)]
    for element in elements:
        if not element:
            raise Refused("not-json", detail="two commas with nothing between them")
        _check(element)
    return elements


def _spans(text: bytes) -> Iterator[tuple[int, int]]:
    depth, start = 0, 1
    for token in _TOKEN.finditer(text):
        mark = token.group()[:1]
        if mark == b"," and depth == 1:
            yield start, token.start()
            start = token.end()
        elif mark in b"[{":
            depth += len(token.group())
        elif mark in b"]}":
            depth -= len(token.group())
            if depth <= 0:
                yield start, token.end() + depth - 1
                _check_end(text, token.end() + depth)
                return
    raise Refused("not-json", f"byte {len(text)}", "the array has no end")


def _check_end(text: bytes, end: int) -> None:
    if end != len(text) or text[-1:] != b"]":
        raise Refused("not-json", f"byte {end}", "something follows the end of the array")
