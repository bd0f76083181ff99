"""API tokens: found by the SHA-256 of their text alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_harness import SqliteHarness
from store_kit import NOON, after

from prodiguer.errors import Refused
from prodiguer.ports.tokens import Token

TOKEN = Token(
    id="t1",
    name="dashboard 'é' %",
    scopes=("read", "operate"),
    created_at=NOON,
    expires_at=after(3600),
    revoked_at=None,
    last_used_at=None,
)


def test_a_token_is_found_by_its_digest_alone(database: SqliteHarness) -> None:
    database.store.tokens.create(TOKEN, "d" * 64)

    assert database.open().tokens.find("d" * 64) == TOKEN
    for other in ("", "D" * 64, "d" * 63, "t1", "%", "' OR 1=1 --"):
        assert database.store.tokens.find(other) is None


def test_tokens_are_listed_in_the_order_of_their_making(database: SqliteHarness) -> None:
    second = replace(TOKEN, id="t0", created_at=after(1), expires_at=None, scopes=())
    database.store.tokens.create(second, "2")
    database.store.tokens.create(TOKEN, "1")

    assert list(database.store.tokens.list()) == [TOKEN, second]


def test_a_revoked_token_says_when_it_was_first_revoked(database: SqliteHarness) -> None:
    database.store.tokens.create(TOKEN, "d")

    assert database.store.tokens.revoke("t1", after(1)) is True
    assert database.store.tokens.revoke("t1", after(2)) is True
    assert database.store.tokens.revoke("unheard of", after(1)) is False
    assert database.store.tokens.find("d") == replace(TOKEN, revoked_at=after(1))


def test_its_last_use_is_noted(database: SqliteHarness) -> None:
    database.store.tokens.create(TOKEN, "d")
    database.store.tokens.touch("t1", after(1))
    database.store.tokens.touch("t1", after(2))
    database.store.tokens.touch("unheard of", after(3))

    assert database.store.tokens.find("d") == replace(TOKEN, last_used_at=after(2))


def test_two_tokens_cannot_share_a_digest_or_an_id(database: SqliteHarness) -> None:
    database.store.tokens.create(TOKEN, "d")

    for token, digest in ((replace(TOKEN, id="t2"), "d"), (TOKEN, "e")):
        with pytest.raises(Refused):
            database.store.tokens.create(token, digest)
    assert list(database.store.tokens.list()) == [TOKEN]
