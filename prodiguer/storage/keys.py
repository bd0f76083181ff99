"""Keys that apps choose: any text, but short enough for an index of either database."""

from __future__ import annotations

from prodiguer.errors import Refused

#: Bytes; PostgreSQL refuses 2,704 and more in an index.
LONGEST = 1_000


def checked(key: str) -> str:
    """The key itself.

    Raises:
        Refused: it is too long, has a NUL or a lone surrogate.
    """
    if "\0" in key:
        raise Refused("nul", "key")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise Refused("encoding", "key") from None
    if size > LONGEST:
        raise Refused("too-large", "key", f"a key has at most {LONGEST} bytes, this one {size}")
    return key
