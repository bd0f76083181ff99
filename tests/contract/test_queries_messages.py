"""The archive as readers see it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from store_harness import SqliteHarness
from store_kit import after, message, uid

from prodiguer.domain.message import Message
from prodiguer.domain.messages import LegacyTrace, UnknownMessage
from prodiguer.ports.queries import MessageFilter, Paging, Queries
from support.reading import walked

FIRST = Paging()


def keep(database: SqliteHarness, *messages: Message) -> None:
    with database.store.unit("archive") as unit:
        unit.archive.add(unit.admit(messages).fresh)


def listed(queries: Queries, **which: Any) -> list[str]:
    """The uids of the messages that pass, newest first."""
    page = queries.messages(MessageFilter(**which), FIRST)
    assert page.total == len(page.items)
    return [item["uid"] for item in page.items]


def test_a_message_is_shown_as_it_came(database: SqliteHarness, queries: Queries) -> None:
    body = {"simuid": uid(1), "n": [1, 2.5, None, {"a": "é"}]}
    given = message(1, "1999", received_code="9999", dialect="2014", flags=("x",), body=body)
    keep(database, given)

    (shown,) = queries.messages(MessageFilter(), FIRST).items

    assert shown == {
        "uid": given.uid,
        "code": "9999",
        "routed_as": "1999",
        "name": "compute job dies",
        "app": "monitoring",
        "producer": "libigcm",
        "producer_version": "2.8.3",
        "dialect": "2014",
        "user": "smtp",
        "mode": "prod",
        "simulation_uid": given.simulation_uid,
        "job_uid": given.job_uid,
        "timestamp": given.timestamp,
        "timestamp_raw": given.timestamp_raw,
        "received_at": given.received_at,
        "door": "smtp",
        "mail": given.mail,
        "flags": ["x"],
        "body": body,
    }
    assert queries.message(given.uid) == shown
    assert queries.message(uid(2)) is None


def test_what_has_no_type_has_a_name_all_the_same(
    database: SqliteHarness, queries: Queries
) -> None:
    base = {field.name: getattr(message(1), field.name) for field in fields(Message)}
    unknown = UnknownMessage(**base | {"uid": uid(1), "code": "4242", "app": "unknown"})
    trace = LegacyTrace(**base | {"uid": uid(2), "code": "2000", "app": "legacy"})
    keep(database, unknown, trace)

    items = queries.messages(MessageFilter(), FIRST).items
    names = {item["uid"]: (item["code"], item["name"]) for item in items}

    assert names == {uid(1): ("4242", "unknown"), uid(2): ("2000", "shell trace of 2014")}


def test_the_newest_comes_first_whatever_time_it_says(
    database: SqliteHarness, queries: Queries
) -> None:
    keep(database, message(1, timestamp=after(100)))
    keep(database, message(2, timestamp=after(50)), message(3, timestamp=after(0)))

    assert listed(queries) == [uid(3), uid(2), uid(1)]


def test_each_filter_narrows_the_list(database: SqliteHarness, queries: Queries) -> None:
    keep(
        database,
        message(1, "1000"),
        message(2, "1999", received_code="9999"),
        message(3, "1999", simulation_uid=uid(9)),
        message(4, "1000", job_uid=uid(8)),
        message(5, "1000", producer="ecflow"),
        message(6, "1000", mail="b" * 64),
        message(7, "1000", mail=None, job_uid=None, simulation_uid=None),
    )

    assert listed(queries, code="1999") == [uid(3), uid(2)]
    assert listed(queries, code="9999") == [uid(2)]
    assert listed(queries, code="9999", simulation=uid(9)) == []
    assert listed(queries, simulation=uid(9)) == [uid(3)]
    assert listed(queries, job=uid(8)) == [uid(4)]
    assert listed(queries, producer="ecflow") == [uid(5)]
    assert listed(queries, mail="b" * 64) == [uid(6)]
    assert listed(queries, code="none") == []


def test_since_goes_by_the_time_of_a_message_and_not_by_its_arrival(
    database: SqliteHarness, queries: Queries
) -> None:
    keep(
        database,
        message(1, "1999", timestamp=after(20), received_at=after(30)),
        message(2, timestamp=after(0), received_at=after(60)),
        message(3, timestamp=after(9_999), received_at=after(15)),
        message(4, timestamp=after(10), received_at=after(70)),
    )

    assert listed(queries, since=after(10)) == [uid(4), uid(3), uid(1)]
    assert listed(queries, since=after(15)) == [uid(3), uid(1)], "a future time is the arrival"
    assert listed(queries, since=after(20)) == [uid(1)]
    assert listed(queries, since=after(21)) == []
    assert listed(queries, since=after(10), code="1999") == [uid(1)]
    assert listed(queries, since=after(21), code="1999") == []


def test_codes_as_received_and_as_routed_are_paged_as_one_list(
    database: SqliteHarness, queries: Queries
) -> None:
    received = {1: "1999", 2: None, 4: None, 5: "9999"}
    made = [
        message(n, "1000", received_code="1999")
        if n % 3 == 0
        else message(n, "1999", received_code=received.get(n))
        for n in range(1, 14)
    ]
    keep(database, *made)

    items = walked(lambda paging: queries.messages(MessageFilter(code="1999"), paging), 2)

    assert [item["uid"] for item in items] == [uid(n) for n in range(13, 0, -1)]


def test_pages_do_not_move_while_messages_come_in(
    database: SqliteHarness, queries: Queries
) -> None:
    keep(database, *(message(n) for n in range(1, 6)))
    first = queries.messages(MessageFilter(), Paging(limit=3))
    keep(database, *(message(n) for n in range(6, 9)))

    second = queries.messages(MessageFilter(), Paging(limit=3, cursor=first.next))

    assert [item["uid"] for item in first.items] == [uid(5), uid(4), uid(3)]
    assert [item["uid"] for item in second.items] == [uid(2), uid(1)]
    assert (first.total, second.total, second.next) == (5, 8, None)


def test_known_messages_are_those_that_any_app_has_seen(
    database: SqliteHarness, queries: Queries
) -> None:
    seen = [message(n) for n in range(1, 1_101)]
    with database.store.unit("metrics") as unit:
        unit.admit(seen)
    asked = [uid(n) for n in range(1_000, 2_200)]

    assert queries.known_messages(asked) == {uid(n) for n in range(1_000, 1_101)}
    assert queries.known_messages([]) == set()
