"""Descriptive fields: of each, the first value present in the order of the messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prodiguer.domain.job import Told
from prodiguer.domain.message import Message, Stamp

Words = Mapping[str, Told]


def spoken(message: Message, stamp: Stamp, fields: Iterable[str]) -> Words:
    """What one message says in these fields."""
    return {
        field: Told(stamp.time, stamp.uid, value)
        for field in fields
        if (value := message.get(field)) is not None
    }


def join(a: Words, b: Words) -> Words:
    """Of each field the earlier."""
    if not a or not b:
        return a or b
    both = dict(a)
    for field, told in b.items():
        known = both.get(field)
        if known is None or told < known:
            both[field] = told
    return both


def values(words: Words) -> dict[str, str]:
    """The value of each field that somebody said."""
    return {field: told.value for field, told in words.items()}


def value(words: Words, field: str) -> str | None:
    """The value of a field; None where nobody said one."""
    told = words.get(field)
    return None if told is None else told.value
