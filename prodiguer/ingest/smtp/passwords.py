"""The file of those who may log in: one ``name:scrypt$N$r$p$salt$hash`` a line, in hexadecimal."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from pathlib import Path

from prodiguer.errors import ConfigurationError

_N, _R, _P = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024
_LINE = re.compile(
    r"(?P<name>[a-z0-9_-]{1,64}):scrypt\$(?P<n>\d{1,7})\$(?P<r>\d{1,2})\$(?P<p>\d{1,2})"
    r"\$(?P<salt>(?:[0-9a-f]{2})+)\$(?P<hash>(?:[0-9a-f]{2})+)"
)

Entry = tuple[int, int, int, bytes, bytes]


def password_line(name: str, password: str) -> str:
    """A line for the file; the name becomes the user word of routing keys."""
    salt = os.urandom(16)
    digest = _hash(password.encode(), _N, _R, _P, salt)
    return f"{name}:scrypt${_N}${_R}${_P}${salt.hex()}${digest.hex()}"


class Passwords:
    """Who may log in, read once.

    Args:
        path: the file; others than its owner must not be able to read it.

    Raises:
        ConfigurationError: it cannot be read, is open to others, or has a bad line.
    """

    def __init__(self, path: Path) -> None:
        try:
            if path.stat().st_mode & 0o077:
                raise ConfigurationError(f"{path} is open to others: run `chmod 600 {path}`")
            lines = path.read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"the file of [smtp] auth cannot be read: {error}") from error
        self._entries = dict(
            _entry(line, number, path)
            for number, line in enumerate(lines, 1)
            if line.strip() and not line.startswith("#")
        )
        # Compared with where there is no such name, so that both take the same time.
        self._nobody: Entry = (_N, _R, _P, os.urandom(16), os.urandom(64))

    def check(self, name: str, password: bytes) -> bool:
        """Whether this is that name's password; takes some tens of milliseconds."""
        n, r, p, salt, expected = self._entries.get(name, self._nobody)
        return hmac.compare_digest(_hash(password, n, r, p, salt), expected)


def _hash(password: bytes, n: int, r: int, p: int, salt: bytes) -> bytes:
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)


def _entry(line: str, number: int, path: Path) -> tuple[str, Entry]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise ConfigurationError(
            f"{path}, line {number}: expected `name:scrypt$N$r$p$salt$hash`, names of [a-z0-9_-]"
        )
    n, r, p = int(match["n"]), int(match["r"]), int(match["p"])
    if n < 2 or n & (n - 1) or not (r and p) or 128 * n * r >= _MEMORY:
        raise ConfigurationError(f"{path}, line {number}: scrypt cannot work with N={n}, r={r}")
    return match["name"], (n, r, p, bytes.fromhex(match["salt"]), bytes.fromhex(match["hash"]))
