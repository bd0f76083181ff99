"""The log of all messages: what goes in comes out again, whatever it is."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from store_harness import SqliteHarness
from store_kit import NOON, TYPES, after, message, texts, uid

from prodiguer.domain.message import Message
from prodiguer.domain.messages import LegacyTrace, UnknownMessage
from prodiguer.errors import Refused
from prodiguer.storage import rebuild


def keep(database: SqliteHarness, *messages: Message) -> None:
    with database.store.unit("archive") as unit:
        unit.archive.add(messages)


def kept(database: SqliteHarness, size: int = 500) -> list[Message]:
    return [m for page in rebuild.messages(database.store, TYPES, size) for m in page]


def test_a_message_comes_back_as_it_went(database: SqliteHarness) -> None:
    given = message(
        1,
        "0000",
        received_code="1001",
        dialect="2014",
        flags=("clock-future", "repaired"),
        boot="b" * 32,
        seq=2**63 - 1,
        timestamp=datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
        body={"simuid": uid(1), "nested": {"a": [1, 2.5, None, True, "é"]}, "": "empty key"},
    )

    keep(database, given)

    assert kept(database) == [given]


def test_what_may_be_missing_stays_missing(database: SqliteHarness) -> None:
    given = message(1, simulation_uid=None, job_uid=None, timestamp_raw=None, mail=None, body={})

    keep(database, given)

    assert kept(database) == [given]


def test_a_message_is_kept_once_and_counted_once(database: SqliteHarness) -> None:
    keep(database, message(1), message(2))
    keep(database, message(2), message(3))
    keep(database)

    assert kept(database) == [message(1), message(2), message(3)]
    assert database.totals() == {"messages": 3}


def test_the_log_is_in_the_order_of_arrival_in_pages_of_any_size(database: SqliteHarness) -> None:
    given = [message(n) for n in (5, 3, 9, 1, 7)]
    keep(database, *given)

    assert [len(page) for page in rebuild.messages(database.store, TYPES, 2)] == [2, 2, 1]
    assert kept(database, 2) == given


def test_each_code_comes_back_as_its_class(database: SqliteHarness) -> None:
    given: list[Message] = [message(n, code) for n, code in enumerate(sorted(TYPES), 1)]
    plain = {name: getattr(message(1), name) for name in (f.name for f in fields(Message))}
    given.append(UnknownMessage(**plain | {"uid": uid(900), "code": "1234", "app": "unknown"}))
    given.append(LegacyTrace(**plain | {"uid": uid(901), "code": "2000", "app": "legacy"}))

    keep(database, *given)

    assert [type(m) for m in kept(database)] == [type(m) for m in given]
    assert kept(database) == given


@pytest.mark.bad_input("B048")
@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", texts())
def test_any_text_is_kept_as_it_is(database: SqliteHarness, text: str) -> None:
    given = message(1, producer_version=text, user=text, body={"name": text, f"k{text}": text})

    keep(database, given)

    assert kept(database) == [given]


@pytest.mark.bad_input("B046")
def test_a_nul_is_refused(database: SqliteHarness) -> None:
    with pytest.raises(Refused) as refused:
        keep(database, message(1), message(2, producer_version="2.8\0"))

    assert refused.value.reason == "nul"
    assert kept(database) == []


@pytest.mark.bad_input("B047")
@pytest.mark.parametrize("where", ["producer_version", "body"])
def test_a_lone_surrogate_is_refused(database: SqliteHarness, where: str) -> None:
    bad = {"name": "\ud800"} if where == "body" else "\ud800"

    with pytest.raises(Refused) as refused:
        keep(database, message(1, **{where: bad}))

    assert refused.value.code == "encoding"


@pytest.mark.bad_input("B042")
def test_a_number_beyond_64_bits_is_refused(database: SqliteHarness) -> None:
    with pytest.raises(Refused) as refused:
        keep(database, message(1, seq=2**63))

    assert refused.value.code == "number"


@pytest.mark.bad_input("B060")
@pytest.mark.parametrize("year", [1969, 2201, 9999, 1])
def test_a_time_before_1970_or_after_2200_is_refused(database: SqliteHarness, year: int) -> None:
    outside = datetime(year, 6, 1, tzinfo=UTC)
    with pytest.raises(Refused) as refused:
        keep(database, message(1, timestamp=outside))

    assert refused.value.reason == "bad-field: time"


@pytest.mark.parametrize(
    "time",
    [datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)],
)
def test_the_first_and_the_last_time_are_kept(database: SqliteHarness, time: datetime) -> None:
    given = message(1, timestamp=time, received_at=time)

    keep(database, given)

    assert kept(database) == [given]


def test_the_time_of_the_order_is_kept_beside_what_the_sender_said(
    database: SqliteHarness,
) -> None:
    from_the_future = replace(message(1), timestamp=after(10**6), received_at=NOON)

    keep(database, from_the_future)

    [(time, timestamp)] = database.rows("messages", "time", "timestamp")
    assert timestamp - time == 10**12
