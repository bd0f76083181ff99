"""Properties as bytes: MessagePack keeps every JSON scalar exactly, and is quick."""

from __future__ import annotations

from typing import Any

import msgspec

from prodiguer.errors import Refused
from prodiguer.ports.transport import Properties

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def pack(properties: Properties) -> bytes:
    """The values in the order of the fields.

    Raises:
        Refused: a text holds half of a surrogate pair.
    """
    if type(properties.headers) is not dict:
        properties = properties._replace(headers=dict(properties.headers))
    try:
        return _encode(properties)
    except UnicodeEncodeError:
        raise Refused("encoding", "properties", "half of a surrogate pair in a text") from None


def unpack(data: bytes) -> Properties:
    """What `pack` packed."""
    values: list[Any] = _decode(data)
    return Properties(*values)
