"""How much one page may weigh.

A message may have a megabyte, and a page a thousand of them: what one client wrote would fill
the memory of the server for whoever reads it. So a page is read in portions and ends where it is
heavy enough; its cursor goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

#: In characters of text, about; one item may be heavier alone.
HEAVIEST = 8 * 1024 * 1024
#: Items that are read at once: a page of the usual length is one portion.
PORTION = 50
#: Of what is no text.
_LIGHT = 8

Key = TypeVar("Key")
View = TypeVar("View")


def take(keys: Sequence[Key], views: Callable[[Sequence[Key]], list[View]]) -> list[View]:
    """The views of the first of these keys: of all, or of as many as a page may hold."""
    items: list[View] = []
    left = HEAVIEST
    for start in range(0, len(keys), PORTION):
        for item in views(keys[start : start + PORTION]):
            left -= _weight(item)
            if left < 0 and items:
                return items
            items.append(item)
    return items


def _weight(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_weight(key) + _weight(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return sum(map(_weight, value))
    return _LIGHT
