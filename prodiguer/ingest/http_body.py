"""The elements of an HTTP body, and how many there may be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from prodiguer.errors import Refused
from prodiguer.wire import elements

#: Elements of one body.
COUNT_LIMIT = 200_000
#: Commas of one array: far more than 200,000 messages have. It bounds what splitting may cost.
_COMMAS = 6_000_000
_PIECE = 1024 * 1024


def array(body: BinaryIO) -> list[bytes]:
    """The raw elements of an array, or the one object that the body is.

    Raises:
        Refused: ``not-json``, ``not-object`` or ``too-large: elements``.
    """
    text = body.read()
    if text.count(b",") > _COMMAS:
        raise _too_many()
    found: list[bytes] = []
    for element in elements.split(text):
        found.append(element)
        if len(found) > COUNT_LIMIT:
            raise _too_many()
    return found


def lines(body: BinaryIO) -> Iterator[bytes]:
    """The raw elements of newline-delimited JSON, read as they are asked for.

    Raises:
        Refused: ``too-large: elements``, before the first one is given.
    """
    start = body.tell()
    count = 0
    while piece := body.read(_PIECE):
        count += piece.count(b"\n")
    body.seek(start, io.SEEK_SET)
    # Blank lines are counted too: nobody sends 200,000 of them in good faith.
    if count > COUNT_LIMIT:
        raise _too_many()
    return elements.split_lines(body)


def _too_many() -> Refused:
    detail = f"a body has at most {COUNT_LIMIT} elements: send several"
    return Refused("too-large", "elements", detail)
