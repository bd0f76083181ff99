"""UUIDs as they come in, and the ones that the platform derives."""

from __future__ import annotations

import hashlib
import re
import uuid
from functools import lru_cache

#: The fixed namespace of derived message ids (it must never change).
NAMESPACE = uuid.UUID("6f0d1f0a-9a5e-5c5d-8b8e-2f6a1c9d4e70")

_NIL = "00000000-0000-0000-0000-000000000000"
_HEX = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_FORMS = re.compile(rf"(?:(?i:urn:uuid:))?({_HEX})|\{{({_HEX})\}}")


def normalise(text: str) -> str | None:
    """The lower-case text of a UUID (plain, in braces or as a URN); None where it is not one.

    The nil UUID is not one either: it means that somebody forgot to make one.
    """
    match = _FORMS.fullmatch(text)
    if match is None:
        return None
    plain = (match[1] or match[2]).lower()
    return None if plain == _NIL else plain


#: The same for UUIDs that come again and again: those of runs and jobs.
normalise_known = lru_cache(maxsize=16384)(normalise)


def derive(namespace: uuid.UUID, name: bytes) -> str:
    """The version-5 UUID of some bytes (`uuid.uuid5` of Python 3.11 takes text only)."""
    digest = hashlib.sha1(namespace.bytes + name, usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))
