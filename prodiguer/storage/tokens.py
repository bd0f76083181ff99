"""`ports.tokens.Tokens`: only the SHA-256 of a token's text is here."""

from __future__ import annotations

from builtins import list as list_
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from prodiguer.ports.tokens import Token
from prodiguer.storage.json_text import decode_flags, encode
from prodiguer.storage.outbox import Begin
from prodiguer.storage.schema import tokens
from prodiguer.storage.times import maybe_micros, maybe_moment, micros, moment


class SqlTokens:
    """The tokens of a platform.

    Args:
        reading: begins a transaction that only reads.
        writing: begins one that writes.
    """

    def __init__(self, reading: Begin, writing: Begin) -> None:
        self._reading = reading
        self._writing = writing

    def create(self, token: Token, digest: str) -> None:
        with self._writing() as connection:
            connection.execute(
                insert(tokens).values(
                    id=token.id,
                    digest=digest,
                    name=token.name,
                    scopes=encode(token.scopes),
                    created_at=micros(token.created_at),
                    expires_at=maybe_micros(token.expires_at),
                    revoked_at=maybe_micros(token.revoked_at),
                    last_used_at=maybe_micros(token.last_used_at),
                )
            )

    def find(self, digest: str) -> Token | None:
        with self._reading() as connection:
            row = connection.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        return None if row is None else _token(row)

    def list(self) -> Sequence[Token]:
        with self._reading() as connection:
            found: list_[Any] = [*connection.execute(select(tokens).order_by(tokens.c.created_at))]
        return [_token(row) for row in found]

    def revoke(self, id: str, now: datetime) -> bool:
        with self._writing() as connection:
            # Once revoked, the time of it stays.
            revoked = func.coalesce(tokens.c.revoked_at, micros(now))
            statement = update(tokens).where(tokens.c.id == id).values(revoked_at=revoked)
            return connection.execute(statement).rowcount == 1

    def touch(self, id: str, now: datetime) -> None:
        with self._writing() as connection:
            connection.execute(
                update(tokens).where(tokens.c.id == id).values(last_used_at=micros(now))
            )


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        scopes=decode_flags(row.scopes),
        created_at=moment(row.created_at),
        expires_at=maybe_moment(row.expires_at),
        revoked_at=maybe_moment(row.revoked_at),
        last_used_at=maybe_moment(row.last_used_at),
    )
