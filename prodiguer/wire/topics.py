"""Routing keys and topic filters, exactly as RabbitMQ reads them.

A routing key of the platform is ``mode.user.producer.app.type``: five words. A filter is words
too, where ``*`` stands for exactly one word and ``#`` for zero or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from prodiguer.errors import Refused

#: AMQP's short string: a routing key has at most so many bytes.
KEY_LIMIT = 255
WORD_LIMIT = 64

_WORD = re.compile(r"[a-z0-9_-]+")
_KEY = re.compile(r"([a-z0-9_-]+)\.([a-z0-9_-]+)\.([a-z0-9_-]+)\.([a-z0-9_-]+)\.([a-z0-9_-]+)")
_NOT_WORD = re.compile(r"[^a-z0-9_-]+")
_SEGMENT = re.compile(r"\*|#|[a-z0-9_-]+")

T = TypeVar("T")


class Key(NamedTuple):
    """The five words."""

    mode: str
    user: str
    producer: str
    app: str
    type: str

    def __str__(self) -> str:
        return ".".join(self)


def is_word(text: str) -> bool:
    """Whether a text can be one word of a routing key."""
    return len(text) <= WORD_LIMIT and _WORD.fullmatch(text) is not None


def as_word(text: str, default: str = "unknown") -> str:
    """The nearest word to a name, such as a user's: ``J. Doe@tgcc`` becomes ``j_doe_tgcc``."""
    word = _NOT_WORD.sub("_", text.lower()).strip("_")[:WORD_LIMIT]
    return word or default


@lru_cache(maxsize=4096)
def parse(key: str) -> Key:
    """Take a routing key apart.

    Raises:
        Refused: it is not five words of ``[a-z0-9_-]+``, or longer than 255 bytes.
    """
    match = _KEY.fullmatch(key)
    if match is None or len(key) > KEY_LIMIT:
        raise Refused("bad-field", "routing_key", "it is mode.user.producer.app.type")
    return Key(*match.groups())


def check_pattern(pattern: str) -> str:
    """A topic filter that can match keys of the platform.

    Raises:
        ValueError: a word is neither ``*`` nor ``#`` nor a word of a routing key.
    """
    words = pattern.split(".")
    if len(pattern) > KEY_LIMIT or not all(map(_SEGMENT.fullmatch, words)):
        raise ValueError(f"{pattern!r} is no topic filter: words, `*` and `#`, joined by dots")
    return pattern


def matches(pattern: str, key: str) -> bool:
    """Whether a queue that is bound by ``pattern`` takes a message with the routing key ``key``."""
    return _matches(_words(pattern), _words(key))


def _words(text: str) -> list[str]:
    """As RabbitMQ splits: the empty text has no words, ``a..b`` has an empty one."""
    return text.split(".") if text else []


def _matches(pattern: list[str], key: list[str]) -> bool:
    """Walk the key once with the set of all places in the pattern that it may have reached."""
    places = _skip_hashes(pattern, {0})
    for word in key:
        reached = set()
        for place in places:
            if place < len(pattern):
                if pattern[place] == "#":
                    reached.add(place)
                elif pattern[place] in ("*", word):
                    reached.add(place + 1)
        places = _skip_hashes(pattern, reached)
    return len(pattern) in places


def _skip_hashes(pattern: list[str], places: set[int]) -> set[int]:
    """A ``#`` may stand for no word at all."""
    closed = set(places)
    for place in places:
        while place < len(pattern) and pattern[place] == "#":
            place += 1  # noqa: PLW2901 - it walks on from where the set had it
            closed.add(place)
    return closed


class Router(Generic[T]):
    """The targets of a routing key, each once, in the order of their first binding.

    Args:
        bindings: topic filter and target, as often as there are bindings.
    """

    #: Remembered keys; a platform has some hundred, an attacker as many as he likes.
    CACHE = 4096

    def __init__(self, bindings: Iterable[tuple[str, T]]) -> None:
        self._bindings = tuple((_words(pattern), target) for pattern, target in bindings)
        self._known: dict[str, tuple[T, ...]] = {}

    def route(self, key: str) -> tuple[T, ...]:
        """All targets that have a filter that matches; none is no error."""
        known = self._known.get(key)
        return self._find(key) if known is None else known

    def _find(self, key: str) -> tuple[T, ...]:
        words = _words(key)
        found = tuple(dict.fromkeys(t for p, t in self._bindings if _matches(p, words)))
        if len(self._known) >= self.CACHE:
            self._known.clear()
        self._known[key] = found
        return found
