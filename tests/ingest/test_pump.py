"""The pump: every mail of the inbox becomes messages, a record and dead letters, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from prodiguer.errors import Unavailable
from prodiguer.ingest import reading
from prodiguer.ingest.inbox import Arrival
from prodiguer.ports.store import Unit
from prodiguer.ports.transport import Publication
from support.ingest import Works, batch, line, mail, message, opened, send, uids_of, wait_for


def test_a_mail_becomes_messages_and_a_record(works: Works) -> None:
    sent = [message(), message("1001", CumulPeriod="1", PeriodDateBegin="1", PeriodDateEnd="2")]
    with opened(works.inbox) as door, works.pumping() as pump:
        send(door.address, mail(*map(line, sent)))
        wait_for(lambda: pump.statistics.mails == 1, "the mail")

    deliveries = works.published()
    assert [one.routing_key for one in deliveries] == [
        "prod.smtp.libigcm.monitoring.1100",
        "prod.smtp.libigcm.monitoring.1001",
    ]
    assert [one.properties.message_id for one in deliveries] == uids_of(sent)
    [record] = works.mails()
    assert {one.properties.headers["mail_id"] for one in deliveries} == {record["id"]}
    assert record["messages"] == {"1001": 1, "1100": 1}
    assert (record["sender"], record["door"], record["dead"]) == ("jobs@centre.example", "smtp", 0)
    assert (pump.statistics.messages, pump.statistics.dead) == (2, 0)


def test_mails_that_were_left_are_pumped_in_their_order(works: Works) -> None:
    batches = [batch(3) for _ in range(100)]
    for _, content in batches:
        works.put(content)
    works.pumped()

    assert works.uids() == [uid for uids, _ in batches for uid in uids]
    assert len(works.mails()) == 100


def test_the_same_mail_again_adds_neither_mails_nor_dead_letters(works: Works) -> None:
    sent = message()
    content = mail(line(sent), b"@@@", b"###", b"!!!")
    for _ in range(3):
        works.put(b"Received: by another relay\r\n" + content)
    works.pumped()

    assert works.uids() == uids_of([sent] * 3)
    assert [letter["position"] for letter in works.dead()] == [2, 4]
    assert [record["dead"] for record in works.mails()] == [2]


def test_bad_lines_are_kept_byte_for_byte_among_3700(works: Works) -> None:
    good = [message() for _ in range(3699)]
    bad = b"@@ not base64 \xff"
    lines = list(map(line, good))
    works.put(mail(*lines[:2000], bad, *lines[2000:]))
    works.pumped()

    assert works.uids() == uids_of(good)
    [shown] = works.dead()
    letter = works.store.dead_letters.get(shown["id"])
    assert letter is not None
    assert (letter.bytes, letter.position, letter.form) == (bad, 2001, "line")
    assert (letter.stage, letter.door) == ("decode", "smtp")


def test_a_mail_of_many_bad_lines_is_stored_in_pieces(works: Works) -> None:
    sizes: list[int] = []

    class Counting:
        """The store, with a look at how many dead letters each transaction holds."""

        @contextmanager
        def unit(self, app: str) -> Iterator[Unit]:
            with works.store.unit(app) as unit:
                add = unit.add_dead_letters

                def count(letters: Sequence[Any]) -> int:
                    sizes.append(len(letters))
                    return add(letters)

                unit.add_dead_letters = count  # type: ignore[method-assign] # a spy
                yield unit

    good = message()
    works.put(mail(line(good), *[b"@@@ %d" % number for number in range(60_000)]))
    with works.pumping(store=Counting()):
        wait_for(lambda: works.inbox.count() == 0, "an empty inbox")

    assert max(sizes) <= 1000
    assert sum(sizes) == 60_000
    [record] = works.mails()
    assert record["dead"] == 60_000


def test_a_mail_that_is_no_batch_is_kept_whole(works: Works) -> None:
    content = b"Subject: hello\r\nContent-Type: text/plain\r\n\r\nDear all,\r\n\r\nbye.\r\n"
    works.put(content)
    works.pumped()

    [shown] = works.dead()
    letter = works.store.dead_letters.get(shown["id"])
    assert letter is not None
    assert (letter.reason, letter.form, letter.bytes) == ("not-a-batch", "mail", content)
    [record] = works.mails()
    assert (record["id"], record["dead"], record["messages"]) == (letter.mail, 1, {})


class Flaky:
    """A publisher that is away for a while."""

    def __init__(self, works: Works, failures: int) -> None:
        self._works = works
        self.failures = failures
        self.opened = 0

    def __call__(self) -> Flaky:
        self.opened += 1
        self._publisher = self._works.broker.publisher()
        return self

    def publish(self, publications: Sequence[Publication]) -> None:
        if self.failures:
            self.failures -= 1
            raise Unavailable("the broker is away")
        self._publisher.publish(publications)

    def close(self) -> None:
        self._publisher.close()


@pytest.mark.parametrize("size", [5, 3000], ids=["a small mail", "a big mail"])
def test_a_broker_that_is_away_is_waited_for(works: Works, size: int) -> None:
    sent, content = batch(size)
    works.put(content)
    flaky = Flaky(works, 3)
    with works.pumping(publishers=flaky) as pump:
        wait_for(lambda: works.inbox.count() == 0, "an empty inbox")

    assert works.uids() == sent
    assert flaky.opened == 4
    assert pump.statistics.paused > 0
    assert works.dead() == []


def test_a_database_that_is_away_is_waited_for(works: Works) -> None:
    failures = [None] * 3

    class Away:
        @contextmanager
        def unit(self, app: str) -> Iterator[Unit]:
            if failures:
                failures.pop()
                raise Unavailable("the database is away")
            with works.store.unit(app) as unit:
                yield unit

    sent, content = batch(5)
    works.put(content)
    with works.pumping(store=Away()):
        wait_for(lambda: works.inbox.count() == 0, "an empty inbox")

    assert set(works.uids()) == set(sent)
    assert len(works.mails()) == 1


@pytest.mark.parametrize("size", [3, 3000], ids=["a small mail", "a big mail"])
def test_a_mail_that_breaks_the_decoder_becomes_a_dead_letter_and_stops_no_other(
    works: Works, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    read_mail = reading.read_mail

    def break_down(mail: Any, *rest: Any) -> Any:
        if mail.subject == "poison":
            raise ZeroDivisionError
        return read_mail(mail, *rest)

    monkeypatch.setattr(reading, "read_mail", break_down)
    first, before = batch(3)
    last, after = batch(3)
    poison = b"Subject: poison\r\nContent-Type: text/plain\r\n\r\n" + b"e30=\r\n" * 50 * size
    for content in (before, poison, after):
        works.put(content)
    works.pumped()

    assert sorted(works.uids()) == sorted(first + last)
    [shown] = works.dead()
    letter = works.store.dead_letters.get(shown["id"])
    assert letter is not None
    assert (letter.reason, letter.form) == ("crash: ZeroDivisionError", "mail")
    assert letter.bytes == poison
    assert "ZeroDivisionError" in letter.detail


def test_a_mail_that_the_database_chokes_on_goes_alone_and_aside(works: Works) -> None:
    class Choking:
        @contextmanager
        def unit(self, app: str) -> Iterator[Unit]:
            with works.store.unit(app) as unit:
                add = unit.add_mail

                def choke(record: Any) -> None:
                    if record.sender == "poison@x.y":
                        raise ZeroDivisionError
                    add(record)

                unit.add_mail = choke  # type: ignore[method-assign] # a store with a flaw
                yield unit

    first, before = batch(3)
    last, after = batch(3)
    for content in (before, b"From: poison@x.y\r\n\r\n" + line(message()) + b"\r\n", after):
        works.put(content)
    with works.pumping(store=Choking()) as pump:
        wait_for(lambda: works.inbox.count() == 0, "an empty inbox")

    assert set(works.uids()) >= {*first, *last}
    assert len(works.mails()) == 2
    assert pump.statistics.put_aside == 1
    assert len(list((works.inbox.directory / "bad").iterdir())) == 1


def test_a_torn_file_is_put_aside_and_the_others_go_on(works: Works) -> None:
    works.put(batch(1)[1])
    [name] = works.inbox.pending()
    path = works.inbox.directory / "new" / name
    path.write_bytes(path.read_bytes()[:-1])
    sent, content = batch(2)
    works.put(content)
    works.pumped()

    assert works.uids() == sent
    assert len(list((works.inbox.directory / "bad").iterdir())) == 1


def test_small_mails_do_not_wait_for_a_big_one(works: Works) -> None:
    _, content = batch(30_000)
    works.put(content)
    small = [batch(1) for _ in range(5)]
    for _, one in small:
        works.put(one)
    works.pumped()

    order = {uid: place for place, uid in enumerate(works.uids())}
    assert max(order[uids[0]] for uids, _ in small) < 1000
    assert len(order) == 30_005


def test_several_big_mails_share_the_pump(works: Works) -> None:
    mails = [batch(8000) for _ in range(3)]
    for _, content in mails:
        works.put(content)
    works.pumped()

    order = {uid: place for place, uid in enumerate(works.uids())}
    firsts = [order[uids[0]] for uids, _ in mails]
    lasts = [order[uids[-1]] for uids, _ in mails]
    assert max(firsts) < min(lasts)


def test_a_pump_that_is_stopped_leaves_the_rest_to_the_next_one(works: Works) -> None:
    sent, content = batch(20_000)
    works.put(content)
    with works.pumping():
        wait_for(lambda: any(queue.ready for queue in works.broker.status()), "some messages")
    assert works.inbox.count() == 1
    works.pumped()

    assert set(works.uids()) == set(sent)
    assert len(works.mails()) == 1


def test_mails_are_pumped_as_they_come(works: Works) -> None:
    with works.pumping():
        for _ in range(5):
            sent, content = batch(1)
            works.put(content)
            wait_for(lambda: works.inbox.count() == 0, "an empty inbox")
            assert works.uids() == sent


def test_who_proved_its_name_is_the_user_of_its_messages(works: Works) -> None:
    arrival = Arrival(
        began_at=datetime.now(UTC),
        door="smtp",
        sender="",
        recipients=("a@b.c",),
        peer="192.0.2.1",
        principal="tgcc",
    )
    incoming = works.inbox.begin(arrival)
    incoming.write(batch(1)[1])
    works.inbox.store(incoming)
    works.pumped()

    assert [one.routing_key for one in works.published()] == ["prod.tgcc.libigcm.monitoring.1100"]
