"""JSON that a shell script glued together: read once more without its backslashes."""

from __future__ import annotations

from typing import Any

from prodiguer.errors import Refused
from prodiguer.wire import codec, strict

#: The flag of a message that could only be read that way.
REPAIRED = "repaired-backslashes"


def decode_object(data: bytes) -> tuple[dict[str, Any], bool]:
    """The object, and whether backslashes had to be removed.

    Only a syntax error is repaired, and never where the backslashes hide a NUL or a surrogate.

    Raises:
        Refused: see `codec.decode_object`.
    """
    try:
        return codec.decode_object(data), False
    except Refused as refused:
        if refused.code != "not-json" or b"\\" not in data or strict.hides_evidence(data):
            raise
        return _without_backslashes(data, refused), True


def _without_backslashes(data: bytes, first: Refused) -> dict[str, Any]:
    try:
        return codec.decode_object(data.replace(b"\\", b""))
    except Refused as second:
        if second.code == "not-json":
            raise first from None  # its place is one in the bytes that were sent
        raise
