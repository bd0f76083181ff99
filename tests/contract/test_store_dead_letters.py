"""Dead letters: byte for byte, the same one once."""

from __future__ import annotations

import pytest
from store_harness import SqliteHarness
from store_kit import after, letter, texts

from prodiguer.ports.store import DeadLetter


def add(database: SqliteHarness, *letters: DeadLetter) -> int:
    with database.store.unit("smtp") as unit:
        return unit.add_dead_letters(letters)


def test_a_dead_letter_comes_back_byte_for_byte(database: SqliteHarness) -> None:
    full = letter("full", app="sim-mon", detail="Traceback …\n", bytes=bytes(range(256)) * 1000)
    bare = letter("bare", bytes=b"", mail=None, position=None, code=None, message_uid=None)
    add(database, full, bare)

    box = database.store.dead_letters
    assert box.get("full") == full
    assert box.get("bare") == bare
    assert box.get("unheard of") is None


def test_the_same_one_is_kept_once_and_the_new_ones_are_told(database: SqliteHarness) -> None:
    assert add(database, letter("a"), letter("b"), letter("a")) == 2
    assert add(database, letter("a", reason="other"), letter("c")) == 1
    assert add(database) == 0

    assert database.rows("dead_letters", "number", "id") == [(1, "a"), (2, "b"), (3, "c")]
    assert database.rows("events", "type", "uid") == [("dead-letter", key) for key in "abc"]
    assert database.totals() == {"dead_letters": 3}


def test_a_reason_can_be_looked_up_by_its_word(database: SqliteHarness) -> None:
    add(database, letter("a"), letter("b", reason="empty"))

    assert database.rows("dead_letters", "reason_code") == ["empty", "missing-fields"]


def test_thousands_at_once(database: SqliteHarness) -> None:
    given = [letter(f"{number:05}") for number in range(5000)]

    assert add(database, *given) == 5000
    assert add(database, *given) == 0
    assert database.totals() == {"dead_letters": 5000}


def test_one_that_was_sent_again_says_when(database: SqliteHarness) -> None:
    add(database, letter("a"), letter("b"))
    database.store.dead_letters.mark_resent("a", after(60))
    database.store.dead_letters.mark_resent("unheard of", after(60))

    [resent] = {at for at in database.rows("dead_letters", "resent_at") if at}
    assert resent == int(after(60).timestamp()) * 1_000_000
    assert database.store.dead_letters.get("a") == letter("a")


def test_one_that_was_sent_again_and_died_again_waits_again(database: SqliteHarness) -> None:
    add(database, letter("a", form="delivery"))
    database.store.dead_letters.mark_resent("a", after(60))
    last = letter("a", form="delivery", at=after(61), detail="the same, further on")
    assert add(database, last) == 0

    assert database.rows("dead_letters", "resent_at") == [None]
    assert database.store.dead_letters.get("a") == last
    assert database.rows("events", "uid") == ["a"] * 3
    assert database.totals() == {"dead_letters": 1}


def test_one_that_dies_again_before_it_is_noted_as_sent_waits(database: SqliteHarness) -> None:
    add(database, letter("a", form="delivery"))
    add(database, letter("a", form="delivery", at=after(61)))
    database.store.dead_letters.mark_resent("a", after(60))

    assert database.rows("dead_letters", "resent_at") == [None]


def test_the_same_mail_again_opens_none_of_its_letters(database: SqliteHarness) -> None:
    add(database, letter("a"))
    database.store.dead_letters.mark_resent("a", after(60))
    add(database, letter("a", at=after(90)))

    assert database.rows("dead_letters", "resent_at") != [None]
    assert database.store.dead_letters.get("a") == letter("a")


def test_one_can_be_dropped_once(database: SqliteHarness) -> None:
    add(database, letter("a"), letter("b"))

    assert database.store.dead_letters.drop("a") is True
    assert database.store.dead_letters.drop("a") is False
    assert database.store.dead_letters.get("a") is None
    assert database.totals() == {"dead_letters": 1}


def test_the_number_of_a_dropped_one_is_not_given_again(database: SqliteHarness) -> None:
    add(database, letter("a"))
    database.store.dead_letters.drop("a")
    add(database, letter("b"))

    assert database.rows("dead_letters", "number") == [2]


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", texts())
def test_any_text_may_be_in_it(database: SqliteHarness, text: str) -> None:
    given = letter(f"id {text}", detail=text, door=text, context={text: text}, bytes=text.encode())
    add(database, given)

    assert database.store.dead_letters.get(given.id) == given
