"""Mails, dead letters, transfers and totals as readers see them."""

from __future__ import annotations

import base64
from typing import Any

from store_harness import SqliteHarness
from store_kit import NOON, OTHER_RUN, RUN, after, letter, mail, message, uid

from prodiguer.domain.metrics import Transfer
from prodiguer.ports.queries import (
    DeadLetterFilter,
    Paging,
    Queries,
    TransferFilter,
)
from support.reading import a_job, a_run, save, walked

FIRST = Paging()


def store_mails(database: SqliteHarness, *mails: Any) -> None:
    with database.store.unit("smtp") as unit:
        for each in mails:
            unit.add_mail(each)


def store_letters(database: SqliteHarness, *letters: Any) -> None:
    with database.store.unit("smtp") as unit:
        unit.add_dead_letters(letters)


def letters(queries: Queries, **which: Any) -> list[str]:
    """The ids of the dead letters that pass, newest first."""
    page = queries.dead_letters(DeadLetterFilter(**which), FIRST)
    assert page.total == len(page.items)
    return [item["id"] for item in page.items]


def test_a_mail_is_shown_with_what_it_carried(database: SqliteHarness, queries: Queries) -> None:
    store_mails(database, mail("a"), mail("a"), mail("b", sent_at=None, sender=None))

    page = queries.mails(FIRST)

    assert (page.total, [item["id"] for item in page.items]) == (2, ["b", "a"])
    assert page.items[1] == {
        "id": "a",
        "at": NOON,
        "door": "smtp",
        "sender": "compute@hpc.example",
        "size": 12345,
        "sent_at": after(-60),
        "messages": {"0000": 1, "1001": 12},
        "repairs": 2,
        "dead": 1,
        "receipts": 2,
        "latency": 65.0,
    }
    assert queries.mail("a") == page.items[1]


def test_a_mail_without_a_date_has_no_latency(database: SqliteHarness, queries: Queries) -> None:
    store_mails(database, mail("b", sent_at=None))

    found = queries.mail("b")

    assert found is not None
    assert (found["sent_at"], found["latency"], found["receipts"]) == (None, None, 1)
    assert queries.mail("c") is None


def test_a_mail_counts_what_apps_refused_of_it_later(
    database: SqliteHarness, queries: Queries
) -> None:
    store_mails(database, mail("a"), mail("b", dead=0))
    conflicts = [letter(f"c{n}", mail="b", reason="id-conflict", app="archive") for n in range(2)]
    store_letters(database, letter("x", mail="a"), *conflicts)

    assert [m["dead"] for m in queries.mails(FIRST).items] == [2, 1]


def test_mails_are_paged(database: SqliteHarness, queries: Queries) -> None:
    store_mails(database, *(mail(f"m{n}") for n in range(7)))

    assert [m["id"] for m in walked(queries.mails, 3)] == [f"m{n}" for n in range(6, -1, -1)]


def test_a_dead_letter_is_shown_with_its_bytes(database: SqliteHarness, queries: Queries) -> None:
    content = bytes(range(256)) * 40
    store_letters(database, letter("a", bytes=content))

    one = queries.dead_letter("a")
    (listed,) = queries.dead_letters(DeadLetterFilter(), FIRST).items

    assert one == {
        "id": "a",
        "at": NOON,
        "reason": "missing-fields: jobuid, name",
        "detail": "send it again with these fields",
        "stage": "decode",
        "door": "smtp",
        "mail": "a" * 64,
        "position": 3,
        "code": "0000",
        "app": None,
        "bytes": base64.b64encode(content).decode(),
        "size": 10_240,
        "resent_at": None,
    }
    assert base64.b64decode(listed["bytes"]) == content[:4_096]
    assert {**listed, "bytes": ""} == {**one, "bytes": ""}
    assert queries.dead_letter("b") is None


def test_each_filter_of_dead_letters_narrows_the_list(
    database: SqliteHarness, queries: Queries
) -> None:
    store_letters(
        database,
        letter("a", reason="missing-fields: jobuid", at=after(1)),
        letter("b", reason="missing-fields", at=after(2), door="http", mail=None),
        letter("c", reason="not-json: byte 3", at=after(3), stage="route"),
        letter("d", reason="crash", at=after(4), stage="handle", app="sim-mon", mail="b" * 64),
    )
    database.store.dead_letters.mark_resent("c", after(5))

    assert letters(queries) == ["d", "c", "b", "a"]
    assert letters(queries, reason="missing-fields") == ["b", "a"]
    assert letters(queries, reason="missing") == []
    assert letters(queries, reason="not-json: byte 3") == []
    assert letters(queries, stage="route") == ["c"]
    assert letters(queries, door="http") == ["b"]
    assert letters(queries, mail="b" * 64) == ["d"]
    assert letters(queries, app="sim-mon") == ["d"]
    assert letters(queries, resent=True) == ["c"]
    assert letters(queries, resent=False) == ["d", "b", "a"]
    assert letters(queries, since=after(3)) == ["d", "c"]
    assert letters(queries, reason="missing-fields", door="http", resent=False) == ["b"]


def test_dead_letters_are_paged(database: SqliteHarness, queries: Queries) -> None:
    store_letters(database, *(letter(f"l{n}", bytes=b"") for n in range(5)))

    items = walked(lambda paging: queries.dead_letters(DeadLetterFilter(), paging), 2)

    assert [item["id"] for item in items] == ["l4", "l3", "l2", "l1", "l0"]


def transfer(number: int, **more: Any) -> Transfer:
    fields: dict[str, Any] = {
        "message_uid": uid(number),
        "simulation_uid": RUN,
        "job_uid": uid(100),
        "at": after(number // 2),
        "action": "cp",
        "size_mo": 1.5,
        "duration_ms": 20.0,
        "throughput_mo_s": None,
        "dir_from": "/a",
        "dir_to": None,
    }
    return Transfer(**fields | more)


def test_transfers_are_listed_newest_first(database: SqliteHarness, queries: Queries) -> None:
    made = [
        transfer(1),
        transfer(2, simulation_uid=OTHER_RUN),
        transfer(3, job_uid=uid(101), action="mv"),
        *(transfer(n) for n in range(4, 9)),
    ]
    with database.store.unit("metrics") as unit:
        unit.transfers.add(made)

    def found(**which: Any) -> list[str]:
        ask = TransferFilter(**which)
        items = walked(lambda paging: queries.transfers(ask, paging), 3)
        return [item["message_uid"] for item in items]

    assert found() == [uid(n) for n in range(8, 0, -1)]
    assert found(simulation=OTHER_RUN) == [uid(2)]
    assert found(job=uid(101)) == found(action="mv") == [uid(3)]
    assert found(since=after(3)) == [uid(8), uid(7), uid(6)]
    assert queries.transfers(TransferFilter(job=uid(101)), FIRST).items == [
        {
            "message_uid": uid(3),
            "simulation_uid": RUN,
            "job_uid": uid(101),
            "at": after(1),
            "action": "mv",
            "size_mo": 1.5,
            "duration_ms": 20.0,
            "throughput_mo_s": None,
            "dir_from": "/a",
            "dir_to": None,
        }
    ]


def test_counts_say_how_much_there_is(database: SqliteHarness, queries: Queries) -> None:
    nothing = dict.fromkeys(("simulations", "jobs", "messages", "mails", "dead_letters"), 0)
    assert queries.counts() == nothing

    save(database.store, a_run(1), a_run(2, deleted_at=NOON), jobs=[a_job(100), a_job(101)])
    store_mails(database, mail("a"), mail("b"))
    store_letters(database, letter("a"))
    with database.store.unit("archive") as unit:
        unit.archive.add([message(n) for n in range(1, 6)])

    assert queries.counts() == {
        "simulations": 1,
        "jobs": 2,
        "messages": 5,
        "mails": 2,
        "dead_letters": 1,
    }
