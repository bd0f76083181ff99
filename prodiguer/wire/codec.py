"""The one JSON decoder of every door: strict, and fast where that can be proved harmless.

A typical message is a flat object of texts without escapes. msgspec decodes it, and counting
quotation marks proves that no key came twice. All else goes through `prodiguer.wire.strict`,
which gives the same answer for those messages too, or says exactly what is wrong.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from prodiguer.wire import strict
from prodiguer.wire.strict import KEY_LENGTH, KEYS, LONG_FIELDS, MESSAGE_LIMIT, STRING_LENGTH

_flat = msgspec.json.Decoder(dict[str, str])
_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="sorted")


def decode_object(data: bytes, *, limit: int = MESSAGE_LIMIT) -> dict[str, Any]:
    """The JSON object that the bytes hold.

    Raises:
        Refused: with ``too-large``, ``encoding``, ``nul``, ``depth``, ``not-json``, ``number``,
            ``duplicate-key`` or ``not-object``.
    """
    if len(data) <= limit and b"\\" not in data:
        try:
            found = _flat.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # the strict decoder knows what it is, and may well accept it
        else:
            if data.count(b'"') == 4 * len(found) and _within_limits(found, len(data)):
                return found
    return strict.decode_object(data, limit=limit)


def _within_limits(found: dict[str, str], size: int) -> bool:
    """Whether all keys and texts are short enough; ``size`` bytes cannot hold longer ones."""
    if size <= KEY_LENGTH:
        return True
    if len(found) > KEYS or max(map(len, found), default=0) > KEY_LENGTH:
        return False
    return size <= STRING_LENGTH or all(
        len(text) <= STRING_LENGTH or key in LONG_FIELDS for key, text in found.items()
    )


def encode(value: Any) -> bytes:
    """Compact JSON in UTF-8, keys in their order."""
    return _encoder.encode(value)


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of a value: compact, UTF-8, keys sorted at all depths."""
    return hashlib.sha256(_canonical.encode(value)).hexdigest()
