"""API tokens: who may do what over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: ``read`` queries, ``ingest`` messages, ``operate`` dead letters, ``admin`` everything.
SCOPES = ("read", "ingest", "operate", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; its text is shown once, when it is made, and never kept."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class Tokens(Protocol):
    """The tokens of a platform. Only the SHA-256 of a token's text is stored."""

    def create(self, token: Token, digest: str) -> None: ...

    def find(self, digest: str) -> Token | None: ...

    def list(self) -> Sequence[Token]: ...

    def revoke(self, id: str, now: datetime) -> bool:
        """False where there is none."""
        ...

    def touch(self, id: str, now: datetime) -> None:
        """Note that it was used."""
        ...
