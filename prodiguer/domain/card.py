"""The config card of a run: from the base64 of a 0000 to its text and its calendar."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error

from prodiguer.domain.calendars import CALENDARS

_CALENDAR = re.compile(r"^[ \t]*CalendarType[ \t]*=[ \t\"']*([^\s\"'#;]+)", re.MULTILINE)


def decode(configuration: str) -> str | None:
    """The text of a card; None where it is not base64.

    Bytes that are not UTF-8 are read as Latin-1, which old editors of centres write; NUL, which
    no database takes in a text, is shown as the replacement character.
    """
    packed = "".join(configuration.split()).rstrip("=")
    try:
        raw = b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (Error, ValueError):
        return None
    return _text(raw).replace("\0", "\ufffd")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def calendar_type(card: str) -> str | None:
    """The calendar that a card names: ``leap``, ``noleap``, ``360d``, or None."""
    found = _CALENDAR.search(card)
    name = found[1].lower() if found else ""
    return name if name in CALENDARS else None
