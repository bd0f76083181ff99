"""JSON as text, as both databases keep it alike."""

from __future__ import annotations

from typing import Any

import msgspec

from prodiguer.storage.failures import translated

_encoder = msgspec.json.Encoder()
_flags = msgspec.json.Decoder(tuple[str, ...])
_object = msgspec.json.Decoder(dict[str, Any])


def encode(value: Any) -> str:
    """Any value as JSON text.

    Raises:
        Refused: a text has a lone surrogate, or a number more than 64 bits.
    """
    try:
        return _encoder.encode(value).decode()
    except (UnicodeEncodeError, OverflowError) as error:
        raise translated(error) or error from None


def decode_flags(text: str) -> tuple[str, ...]:
    """The inverse of `encode` for flags."""
    return () if text == "[]" else _flags.decode(text)


def decode_object(text: str) -> dict[str, Any]:
    """The inverse of `encode` for JSON objects."""
    return _object.decode(text)
