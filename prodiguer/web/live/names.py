"""The filter ``q`` outside of the database, by the rules of the list of simulations.

Without ``*`` a name matches that contains the text; with it, the whole name must match. ASCII
letters match in both cases. It takes time in proportion to the name, whatever the query: no
regular expression is made of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache


def matches(name: str | None, query: str) -> bool:
    """Whether a name matches, composed or decomposed."""
    if name is None:
        return False
    text = _lower(name)
    return any(_fits(text, pieces) for pieces in _forms(query))


@lru_cache(4096)
def _forms(query: str) -> Sequence[Sequence[bytes]]:
    """What is looked for between the wildcards: as it was typed, composed and decomposed."""
    forms = dict.fromkeys((query, *(unicodedata.normalize(form, query) for form in ("NFC", "NFD"))))
    return [_lower(form).split(b"*") for form in forms]


def _lower(text: str) -> bytes:
    # Of bytes ASCII alone is lowered, and a megabyte of accents in no time.
    return text.encode("utf-8", "surrogatepass").lower()


def _fits(text: bytes, pieces: Sequence[bytes]) -> bool:
    if len(pieces) == 1:
        return pieces[0] in text
    first, *inner, last = pieces
    if not text.startswith(first):
        return False
    place = len(first)
    for piece in inner:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(text) - place >= len(last) and text.endswith(last)
