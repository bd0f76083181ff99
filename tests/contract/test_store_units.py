"""One unit of work: all of it or nothing, and savepoints inside."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from store_harness import SqliteHarness
from store_kit import NOON, letter, mail, message, texts, undone

from prodiguer import faults
from prodiguer.errors import Refused, Unavailable


class Stopped:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


def test_leaving_a_unit_commits_it(database: SqliteHarness) -> None:
    with database.store.unit("app") as unit:
        unit.values.put("key", 1)

    with database.open().unit("app") as unit:
        assert unit.values.get("key") == 1


def test_an_exception_undoes_all_of_a_unit(database: SqliteHarness) -> None:
    with undone(database.store.unit("app")) as unit:
        unit.archive.add(unit.admit([message(1)]).fresh)
        unit.values.put("key", 1)
        unit.events.add("job", "x")
        unit.put_effect("key", {})
        unit.put_publication("key", {})
        unit.add_dead_letters([letter()])
        unit.add_mail(mail())

    for table in ("messages", "inbox", "message_ids", "app_values", "events", "outbox"):
        assert database.rows(table) == []
    for table in ("dead_letters", "mails", "counters"):
        assert database.rows(table) == []


def test_a_savepoint_undoes_what_is_inside_alone(database: SqliteHarness) -> None:
    with database.store.unit("app") as unit:
        unit.values.put("before", 1)
        unit.events.add("job", "before")
        unit.put_effect("before", {})
        unit.add_dead_letters([letter("before")])
        with undone(unit.savepoint()):
            unit.values.put("before", 2)
            unit.values.put("inside", 1)
            unit.events.add("job", "inside")
            unit.put_effect("inside", {})
            unit.add_dead_letters([letter("inside")])
            with unit.savepoint():
                unit.values.put("deeper", 1)
        with unit.savepoint():
            unit.values.put("kept", 1)
            unit.events.add("job", "kept")

    assert database.rows("app_values", "key", "value") == [("before", "1"), ("kept", "1")]
    assert database.rows("events", "uid") == ["before", "before", "kept"]
    assert database.rows("outbox", "key") == ["before"]
    assert database.totals() == {"dead_letters": 1}


def test_a_refusal_inside_a_savepoint_spoils_nothing_else(database: SqliteHarness) -> None:
    with database.store.unit("app") as unit:
        unit.values.put("before", 1)
        with pytest.raises(Refused), unit.savepoint():
            unit.archive.add([message(1, producer="\0")])
        unit.archive.add([message(2)])

    assert database.totals() == {"messages": 1}
    assert database.rows("app_values", "key") == ["before"]


def test_a_unit_sees_what_it_has_done_itself_and_others_do_not(database: SqliteHarness) -> None:
    other = database.open()
    with database.store.unit("app") as unit:
        unit.values.put("key", 1)

        assert unit.values.get("key") == 1
        with other.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM app_values").scalar() == 0


def test_writers_of_one_process_take_turns_and_lose_nothing(database: SqliteHarness) -> None:
    def add(store_number: int) -> None:
        for _ in range(50):
            with stores[store_number % 2].unit("app") as unit:
                unit.values.put("count", (unit.values.get("count") or 0) + 1)

    stores = [database.store, database.open()]
    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert database.rows("app_values", "value") == ["200"]


@pytest.mark.parametrize("action", ["raise", "full"])
def test_a_disk_that_fails_before_commit_leaves_nothing(
    database: SqliteHarness, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr(faults, "_faults", {"unit.before_commit": (action, 1)})

    with pytest.raises(Unavailable), database.store.unit("app") as unit:
        unit.values.put("key", 1)

    assert database.rows("app_values") == []
    with database.store.unit("app") as unit:
        unit.values.put("key", 2)
    assert database.rows("app_values", "value") == ["2"]


def test_a_failure_after_commit_is_told_though_all_is_kept(
    database: SqliteHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "_faults", {"unit.after_commit": ("raise", 1)})

    with pytest.raises(Unavailable), database.store.unit("app") as unit:
        unit.admit([message(1)])

    with database.store.unit("app") as unit:
        assert unit.admit([message(1)]).duplicates == 1


def test_ping_answers_and_a_closed_store_opens_again(database: SqliteHarness) -> None:
    database.store.ping()
    database.store.close()
    database.store.ping()


# --- values --------------------------------------------------------------------------------------


def test_values_are_of_one_app_alone(database: SqliteHarness) -> None:
    with database.store.unit("one") as unit:
        unit.values.put("key", {"a": [1, 2.5, None, True, "é"]})
        unit.values.put("gone", 1)
        unit.values.delete("gone")
        unit.values.delete("never there")
    with database.store.unit("two") as unit:
        assert unit.values.get("key") is None
        assert list(unit.values.items()) == []
        unit.values.delete("key")
    with database.store.unit("one") as unit:
        assert unit.values.get("key") == {"a": [1, 2.5, None, True, "é"]}
        assert unit.values.get("gone") is None


def test_items_are_those_whose_keys_begin_so_sorted(database: SqliteHarness) -> None:
    keys = ["a%", "a%1", "aX", "A%", "a_", "b", "é", "é1", "🏳️", "a'"]
    with database.store.unit("app") as unit:
        for number, key in enumerate(keys):
            unit.values.put(key, number)

        assert [key for key, _ in unit.values.items()] == sorted(keys)
        assert list(unit.values.items("a%")) == [("a%", 0), ("a%1", 1)]
        assert [key for key, _ in unit.values.items("a_")] == ["a_"]
        assert [key for key, _ in unit.values.items("é")] == ["é", "é1"]


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", texts())
def test_keys_and_values_may_be_any_text(database: SqliteHarness, text: str) -> None:
    with database.store.unit("app") as unit:
        unit.values.put(text, text)
        unit.put_effect(text, {text: text})
        unit.events.add("job", text)

    with database.store.unit("app") as unit:
        assert unit.values.get(text) == text
        assert list(unit.values.items(text)) == [(text, text)]
    [item] = database.store.outbox.claim("app", database.now(), 10)
    assert (item.key, item.payload) == (text, {text: text})


@pytest.mark.parametrize(
    ("key", "reason"),
    [("a\0b", "nul: key"), ("\ud800", "encoding: key"), ("k" * 1001, "too-large: key")],
)
def test_a_key_that_no_index_takes_is_refused(
    database: SqliteHarness, key: str, reason: str
) -> None:
    with database.store.unit("app") as unit:
        for put in (unit.values.put, unit.put_effect, unit.put_publication):
            with pytest.raises(Refused) as refused:
                put(key, {})
            assert refused.value.reason == reason


# --- events, mails ---------------------------------------------------------------------


def test_events_are_numbered_in_the_order_of_commits(database: SqliteHarness) -> None:
    store = database.open(clock=Stopped())
    with store.unit("app") as unit:
        unit.events.add("simulation", "s", simulation_uid="s")
        unit.events.add("job", "j", simulation_uid="s")
    with store.unit("app") as unit:
        unit.events.add("mail", "m")

    assert database.rows("events", "number", "type", "uid", "simulation_uid") == [
        (1, "simulation", "s", "s"),
        (2, "job", "j", "s"),
        (3, "mail", "m", None),
    ]
    assert set(database.rows("events", "at")) == {int(NOON.timestamp()) * 1_000_000}


def test_a_mail_that_comes_again_counts_a_receipt_and_changes_nothing(
    database: SqliteHarness,
) -> None:
    with database.store.unit("smtp") as unit:
        unit.add_mail(mail("one"))
        unit.add_mail(mail("two", sender=None, sent_at=None))
    with database.store.unit("smtp") as unit:
        unit.add_mail(mail("one", size=1, sender="other"))

    assert database.rows("mails", "id", "size", "sender", "receipts") == [
        ("one", 12345, "compute@hpc.example", 2),
        ("two", 12345, None, 1),
    ]
    assert database.rows("mails", "messages")[0] == '{"0000":1,"1001":12}'
    assert database.totals() == {"mails": 2}
