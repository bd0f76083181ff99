"""Text searches in names: ``q`` of the simulations' list.

Without ``*`` a name matches that contains the text; with ``*``, which stands for any text, the
whole name must match. ASCII letters match in both cases. Everything else stands for itself: no
character of a query is a pattern to the database.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, or_

from prodiguer.errors import Refused

#: In characters.
LONGEST = 200
_ESCAPE = "\\"


def matches(column: ColumnElement[Any], query: str) -> ColumnElement[bool]:
    """Whether a column matches a query, composed or decomposed (``é`` is one character or two).

    Raises:
        Refused: ``q``: too long.
    """
    if len(query) > LONGEST:
        raise Refused("q", detail=f"q may have at most {LONGEST} characters")
    forms = dict.fromkeys((query, *(unicodedata.normalize(form, query) for form in ("NFC", "NFD"))))
    return or_(*(column.ilike(pattern(form), escape=_ESCAPE) for form in forms))


def pattern(query: str) -> str:
    """The LIKE pattern of a query."""
    pieces = [_literal(piece) for piece in query.split("*")]
    if len(pieces) == 1:
        return f"%{pieces[0]}%"
    # Empty pieces between two stars would only make the database try more.
    inner = [piece for piece in pieces[1:-1] if piece]
    return "%".join([pieces[0], *inner, pieces[-1]])


def _literal(text: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return text
