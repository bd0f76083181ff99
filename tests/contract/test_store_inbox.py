"""Which messages an app has yet to handle: `Unit.admit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from store_harness import SqliteHarness
from store_kit import after, message, uid, undone

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.ports.store import Admission


def admit(database: SqliteHarness, app: str, messages: Sequence[Message]) -> Admission:
    with database.store.unit(app) as unit:
        return unit.admit(messages)


def test_new_messages_are_fresh_in_the_order_given(database: SqliteHarness) -> None:
    given = [message(n) for n in (3, 1, 2)]

    assert admit(database, "sim-mon", given) == Admission(tuple(given), 0, ())


def test_nothing_given_nothing_admitted(database: SqliteHarness) -> None:
    assert admit(database, "sim-mon", []) == Admission((), 0, ())


def test_what_an_app_has_handled_is_a_duplicate_for_it_alone(database: SqliteHarness) -> None:
    given = [message(1), message(2)]
    admit(database, "sim-mon", given)

    assert admit(database, "sim-mon", [*given, message(3)]) == Admission((message(3),), 2, ())
    assert admit(database, "metrics", given) == Admission(tuple(given), 0, ())


@pytest.mark.bad_input("B077")
def test_one_id_a_hundred_times_in_a_batch_is_one_message(database: SqliteHarness) -> None:
    assert admit(database, "sim-mon", [message(1)] * 100) == Admission((message(1),), 99, ())


def test_another_content_of_a_known_id_is_a_conflict(database: SqliteHarness) -> None:
    other = replace(message(1), digest="other")
    admit(database, "sim-mon", [message(1)])

    assert admit(database, "sim-mon", [other, message(1)]) == Admission((), 1, (other,))


def test_another_content_within_one_batch_is_a_conflict_too(database: SqliteHarness) -> None:
    other = replace(message(1), digest="other")

    admitted = admit(database, "sim-mon", [message(1), other, message(1), other])

    assert admitted == Admission((message(1),), 1, (other, other))


def test_the_content_that_came_first_counts_for_all_apps(database: SqliteHarness) -> None:
    other = replace(message(1), digest="other")
    admit(database, "archive", [message(1)])

    # The queue of this app happens to hold them the other way round.
    admitted = admit(database, "sim-mon", [other, message(1)])

    assert admitted == Admission((message(1),), 0, (other,))


def test_a_conflict_alone_leaves_the_id_open_for_its_app(database: SqliteHarness) -> None:
    other = replace(message(1), digest="other")
    admit(database, "archive", [message(1)])
    admit(database, "sim-mon", [other])

    assert admit(database, "sim-mon", [message(1)]).fresh == (message(1),)


def test_a_message_keeps_the_time_of_its_first_arrival(database: SqliteHarness) -> None:
    again = replace(message(1), received_at=after(9999))
    admit(database, "archive", [message(1)])

    assert admit(database, "sim-mon", [again]).fresh == (message(1),)
    assert admit(database, "sim-mon", [again]).duplicates == 1


def test_two_thousand_at_once(database: SqliteHarness) -> None:
    given = [message(n) for n in range(1, 2001)]
    admit(database, "sim-mon", given[:1000])

    admitted = admit(database, "sim-mon", given)

    assert admitted == Admission(tuple(given[1000:]), 1000, ())
    assert database.rows("inbox", "uid") == [m.uid for m in given]


def test_what_a_failed_unit_admitted_is_fresh_again(database: SqliteHarness) -> None:
    with undone(database.store.unit("sim-mon")) as unit:
        unit.admit([message(1)])

    assert database.rows("message_ids") == []
    assert admit(database, "sim-mon", [message(1)]).fresh == (message(1),)


def test_what_an_undone_savepoint_admitted_is_fresh_again(database: SqliteHarness) -> None:
    with database.store.unit("sim-mon") as unit:
        unit.admit([message(1)])
        with undone(unit.savepoint()):
            unit.admit([message(2)])

    admitted = admit(database, "sim-mon", [message(1), message(2)])
    assert admitted == Admission((message(2),), 1, ())


def test_an_app_s_name_may_be_any_text(database: SqliteHarness) -> None:
    for name in ("it's", "a%b", "a_b", ":a", "é👩‍💻"):
        assert admit(database, name, [message(1)]).fresh == (message(1),)

    assert len(database.rows("inbox")) == 5


@pytest.mark.bad_input("B046")
def test_an_id_with_nul_is_refused(database: SqliteHarness) -> None:
    with pytest.raises(Refused, match="nul"):
        admit(database, "sim-mon", [replace(message(1), uid=uid(1) + "\0")])

    assert database.rows("message_ids") == []
