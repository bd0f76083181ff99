"""What makes two runs tries of one simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256

from prodiguer.domain.job import Told

#: Gives the canonical value of a word: called with the wire name of the field and the value.
Vocabulary = Callable[[str, str], str]

NAME = "name"

#: The wire names of the words of an identity, in the order of the tuple.
WORDS = (
    "accountingProject",
    "centre",
    "login",
    "machine",
    "experiment",
    "model",
    "space",
    NAME,
)


def unchanged(_field: str, value: str) -> str:
    """The vocabulary that knows no synonyms: every word is its own canonical value."""
    return value


def identity(words: Mapping[str, Told], vocabulary: Vocabulary = unchanged) -> str:
    """SHA-256 (hex) over the identity tuple of a run that its 0000s describe.

    Each word goes in with its length, so that ``ab, c`` and ``a, bc`` differ, and an absent one
    as a mark that no word can be. The name stands as it is, whatever the vocabulary says.
    """
    return _digest(tuple(_canonical(field, words.get(field), vocabulary) for field in WORDS))


def _canonical(field: str, told: Told | None, vocabulary: Vocabulary) -> str | None:
    if told is None or field == NAME:
        return told.value if told else None
    return vocabulary(field, told.value)


#: A run's identity is asked for at each of its messages and changes at its 0000s alone.
@lru_cache(maxsize=8192)
def _digest(identity: tuple[str | None, ...]) -> str:
    digest = sha256()
    for value in identity:
        if value is None:
            digest.update(b"-;")
            continue
        raw = value.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b;" % (len(raw), raw))
    return digest.hexdigest()
