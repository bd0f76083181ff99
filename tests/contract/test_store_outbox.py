"""What waits to be done after commit: put once, claimed by one, done or put off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from store_harness import SqliteHarness

from prodiguer.ports.store import OutboxItem


def put(database: SqliteHarness, app: str, *keys: str) -> None:
    with database.store.unit(app) as unit:
        for key in keys:
            unit.put_effect(key, {"key": key})


def claim(
    database: SqliteHarness, app: str = "app", *, after: float = 0, limit: int = 10
) -> Sequence[OutboxItem]:
    return database.store.outbox.claim(app, database.now() + timedelta(seconds=after), limit)


def keys(items: Sequence[OutboxItem]) -> list[str]:
    return [item.key for item in items]


def test_nothing_waits_at_first(database: SqliteHarness) -> None:
    assert list(claim(database)) == []


def test_an_item_is_claimed_with_what_was_put(database: SqliteHarness) -> None:
    with database.store.unit("app") as unit:
        unit.put_publication("p", {"code": "-2000", "body": {"é": [1, None]}})
    [item] = claim(database)

    assert (item.app, item.kind, item.key, item.attempts) == ("app", "publish", "p", 1)
    assert item.payload == {"code": "-2000", "body": {"é": [1, None]}}


def test_a_key_is_put_once_even_when_it_is_done(database: SqliteHarness) -> None:
    put(database, "app", "a", "a")
    put(database, "app", "a")
    [item] = claim(database)
    database.store.outbox.done([item.id], database.now())
    put(database, "app", "a")

    assert list(claim(database, after=3600)) == []
    assert len(database.rows("outbox")) == 1


def test_the_same_key_of_another_app_or_of_another_kind_is_another_item(
    database: SqliteHarness,
) -> None:
    put(database, "app", "a")
    put(database, "other", "a")
    with database.store.unit("app") as unit:
        unit.put_publication("a", {})

    assert [item.kind for item in claim(database)] == ["effect", "publish"]
    assert [item.app for item in claim(database, "other")] == ["other"]


def test_one_kind_alone_can_be_claimed(database: SqliteHarness) -> None:
    put(database, "app", "slow")
    with database.store.unit("app") as unit:
        unit.put_publication("quick", {})

    claimed = database.store.outbox.claim("app", database.now(), 10, "publish")

    assert keys(claimed) == ["quick"]
    assert keys(claim(database)) == ["slow"]


def test_claims_are_in_the_order_of_putting_and_within_the_limit(database: SqliteHarness) -> None:
    for key in "cab":
        put(database, "app", key)

    assert keys(claim(database, limit=2)) == ["c", "a"]
    assert keys(claim(database, limit=2)) == ["b"]


def test_what_is_claimed_comes_again_when_its_lease_is_over(database: SqliteHarness) -> None:
    put(database, "app", "a")
    claim(database)

    assert list(claim(database, after=59)) == []
    [again] = claim(database, after=61)
    assert again.attempts == 2
    assert list(database.open().outbox.claim("app", database.now(), 10)) == []


def test_what_is_done_never_comes_again(database: SqliteHarness) -> None:
    put(database, "app", "a", "b")
    done = claim(database)
    database.store.outbox.done([item.id for item in done], database.now())
    database.store.outbox.done([], database.now())

    assert list(claim(database, after=3600)) == []


def test_what_failed_comes_again_when_it_is_due(database: SqliteHarness) -> None:
    put(database, "app", "a")
    [item] = claim(database)

    database.store.outbox.failed(
        item.id, "relay says \0 no", database.now() + timedelta(seconds=100)
    )

    assert list(claim(database, after=61)) == []
    [again] = claim(database, after=101)
    assert again.attempts == 2
    assert database.rows("outbox", "last_error") == ["relay says � no"]


def test_a_failure_after_it_was_done_changes_nothing(database: SqliteHarness) -> None:
    put(database, "app", "a")
    [item] = claim(database)
    database.store.outbox.done([item.id], database.now())
    database.store.outbox.failed(item.id, "too late", database.now())

    assert list(claim(database, after=3600)) == []
