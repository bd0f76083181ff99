"""The exact JSON decoder: refuses all that two readers could understand differently."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from prodiguer.errors import Refused

#: Bytes of one message.
MESSAGE_LIMIT = 1024 * 1024
#: Keys of one object, characters of a key, characters of a text, levels of objects and lists.
KEYS = 1000
KEY_LENGTH = 1024
STRING_LENGTH = 65_536
DEPTH = 32
#: Integers beyond are not the same number in every language.
INTEGER = 2**53
#: Fields that carry whole files: the limit of the message alone counts.
LONG_FIELDS = frozenset({"configuration", "data", "metrics"})

#: A string is one token (unterminated ones too, so that the scan stays linear).
_TOKEN = re.compile(rb'[\[{]|[\]}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
#: Bytes that are searched for depth with care before the rest is searched at all.
_HEAD = 65_536
_ESCAPED_NUL = b"\\u0000"
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_EVIDENCE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_BLANK = b" \t\r\n"


def decode_object(data: bytes, *, limit: int = MESSAGE_LIMIT) -> dict[str, Any]:
    """The JSON object that the bytes hold.

    Raises:
        Refused: see `prodiguer.wire.codec.decode_object`.
    """
    if len(data) > limit:
        raise Refused("too-large", "message", f"{len(data)} bytes, {limit} are allowed")
    text = _text(data)
    _check_depth(data)
    value = _parse(text)
    if not isinstance(value, dict):
        raise Refused("not-object", detail="a message is one JSON object")
    _check_texts(value, data)
    return value


def hides_evidence(data: bytes) -> bool:
    """Whether removing backslashes would turn an escaped NUL or surrogate into harmless text."""
    return _EVIDENCE.search(data) is not None


def shown(text: str, width: int = 60) -> str:
    """A text from outside, safe to be part of a reason: printable, storable, short."""
    safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: width + 1])
    return safe if len(safe) <= width else safe[: width - 1] + "…"


def _text(data: bytes) -> str:
    if not data.strip(_BLANK):
        raise Refused("not-object", detail="there is nothing")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Refused("encoding", "byte 0", "a byte order mark: send UTF-8 without it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("encoding", f"byte {error.start}", f"not UTF-8: {error.reason}") from None
    if "\0" in text:
        if data.count(0) * 3 > len(data):
            raise Refused("encoding", "byte 0", "every other byte is NUL: send UTF-8, not UTF-16")
        raise Refused("nul", f"byte {data.index(0)}", "a NUL byte")
    return text


def _check_depth(data: bytes) -> None:
    """Before parsing, so that no recursion can be driven by the sender."""
    if data.count(b"{") + data.count(b"[") <= DEPTH:
        return
    place = _too_deep(data[:_HEAD])
    if place is None and len(data) > _HEAD and _is_too_deep(data):
        place = _too_deep(data)
    if place is not None:
        raise Refused("depth", f"byte {place}", f"more than {DEPTH} levels")


def _too_deep(data: bytes) -> int | None:
    """Where the first bracket beyond the limit stands: exact, and quick where it comes early."""
    depth = 0
    for token in _TOKEN.finditer(data):
        mark = token.group()[0]
        depth += (mark in b"[{") - (mark in b"]}")
        if depth > DEPTH:
            return token.start()
    return None


def _is_too_deep(data: bytes) -> bool:
    """Whether there is such a bracket: four times as quick on a long message."""
    depth = 0
    for byte in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > DEPTH:
            return True
    return False


def _parse(text: str) -> Any:
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        place = len(text[: error.pos].encode())
        raise Refused("not-json", f"byte {place}", error.msg) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > KEYS:
        raise Refused("too-large", "keys", f"an object of {len(pairs)} keys, {KEYS} are allowed")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("duplicate-key", shown(_repeated(pairs)), "the same key twice in one object")
    for key in found:
        if len(key) > KEY_LENGTH:
            raise Refused("too-large", "key", f"a key of {len(key)} characters")
    return found


def _repeated(pairs: list[tuple[str, Any]]) -> str:
    counts = Counter(key for key, _ in pairs)
    return next(key for key, count in counts.items() if count > 1)


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > INTEGER:
        raise Refused("number", shown(text), "an integer beyond 2^53: send it as text")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise Refused("number", shown(text), "beyond what a double can hold")
    return value


def _constant(text: str) -> NoReturn:
    raise Refused("number", text, "not a number of JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _check_texts(value: dict[str, Any], data: bytes) -> None:
    """NUL and surrogates can only come from escapes, long texts only from long messages."""
    escaped = _ESCAPED_NUL in data or _SURROGATE.search(data) is not None
    if not escaped and len(data) <= STRING_LENGTH:
        return
    for path, text in _texts(value, ""):
        if "\0" in text:
            raise Refused("nul", path, "an escaped NUL")
        if not _encodable(text):
            raise Refused("encoding", path, "half of a surrogate pair")
        if len(text) > STRING_LENGTH and path not in LONG_FIELDS:
            raise Refused("too-large", path, f"{len(text)} characters")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text of a value, keys too, with its path; as deep as `DEPTH` at the most."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}.{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            below = shown(f"{path}.{key}" if path else key, 120)
            yield below, key
            yield from _texts(item, below)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
