"""The embedded broker when the disk, the file or its owners misbehave."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

import pytest
from broker_kit import RUNS, bodies, drain, gather, numbered, numbers_of, say, until

from prodiguer import faults
from prodiguer.errors import Unavailable
from prodiguer.transport.embedded import patience


@pytest.fixture
def strike(monkeypatch):
    """Make the next passage of a point fail."""
    return lambda point, action: monkeypatch.setitem(faults._faults, point, (action, 1))


@contextmanager
def locked_by_another(broker):
    with closing(sqlite3.connect(broker.data / "broker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("action", ["raise", "full"])
def test_a_publisher_whose_disk_fails_before_the_commit_has_stored_nothing(broker, strike, action):
    transport = broker.connect((RUNS,))
    publisher = transport.publisher()
    strike("publish.before_commit", action)
    with pytest.raises(Unavailable):
        publisher.publish(numbered(0, 10))
    assert numbers_of(transport, RUNS.name) == (0, 0, 0)
    publisher.publish(numbered(0, 10))
    assert len(drain(transport, RUNS.name)) == 10


def test_a_publisher_that_fails_after_the_commit_may_have_to_repeat(broker, strike):
    transport = broker.connect((RUNS,))
    publisher = transport.publisher()
    strike("publish.after_commit", "raise")
    with pytest.raises(Unavailable):
        publisher.publish(numbered(0, 10))
    publisher.publish(numbered(0, 10))
    assert len(drain(transport, RUNS.name)) == 20


def test_a_full_disk_stores_nothing_and_what_fits_later_is_stored(broker):
    transport = broker.connect((RUNS,))
    publisher = transport.publisher()
    publisher.publish(numbered(0, 1))
    publisher._session.read("PRAGMA max_page_count = 20")
    with pytest.raises(Unavailable, match="full"):
        publisher.publish(numbered(1, 10_000))
    assert numbers_of(transport, RUNS.name) == (1, 0, 0)
    publisher._session.read("PRAGMA max_page_count = 1000000")
    publisher.publish(numbered(1, 10_000))
    assert bodies(drain(transport, RUNS.name)) == [str(n) for n in range(10_001)]


def test_a_lock_that_another_program_keeps_is_waited_for_and_then_told(broker, monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE", 0.1)
    transport = broker.connect((RUNS,))
    publisher, consumer = transport.publisher(), transport.consumer(RUNS.name)
    publisher.publish(numbered(0, 2))
    held = gather(consumer, 1)
    with locked_by_another(broker):
        for call in (
            lambda: publisher.publish(numbered(2, 1)),
            lambda: consumer.take(1, 0),
            lambda: consumer.acknowledge(held),
            lambda: consumer.release(held),
        ):
            with pytest.raises(Unavailable, match="locked"):
                call()
    consumer.acknowledge(held)
    publisher.publish(numbered(2, 1))
    assert bodies(gather(consumer, 2)) == ["1", "2"]


def test_a_consumer_that_cannot_say_good_bye_still_leaves_what_it_held(broker, monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE", 0.1)
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 3))
    consumer = transport.consumer(RUNS.name)
    gather(consumer, 3)
    with locked_by_another(broker):
        consumer.close()
    assert all(delivery.redelivered for delivery in drain(transport, RUNS.name))


@pytest.mark.parametrize("point", ["ack.before_commit", "ack.after_commit"])
def test_an_acknowledgement_that_fails_can_be_repeated(broker, strike, point):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 3))
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 3)
    strike(point, "raise")
    with pytest.raises(Unavailable):
        consumer.acknowledge(held)
    consumer.acknowledge(held)
    consumer.close()
    assert drain(transport, RUNS.name) == []


def test_what_a_failed_take_has_leased_is_given_back(broker, strike):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 3))
    consumer = transport.consumer(RUNS.name, prefetch=3)
    strike("take.after_commit", "raise")
    with pytest.raises(Unavailable):
        consumer.take(3, 0)
    assert bodies(gather(consumer, 3)) == ["0", "1", "2"]


@pytest.mark.parametrize("replace", [False, True], ids=["removed", "replaced"])
def test_a_file_that_vanished_takes_nothing_more(broker, replace):
    transport = broker.connect((RUNS,))
    publisher = transport.publisher()
    (broker.data / "broker.db").rename(broker.data / "moved.db")
    if replace:
        broker.connect((RUNS,))
    with pytest.raises(Unavailable, match=r"broker\.db"):
        publisher.publish(numbered(0, 1))
    with pytest.raises(Unavailable):
        transport.ping()


def test_a_process_that_is_stopped_keeps_what_it_took(broker):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 5))
    worker = broker.worker("hold", RUNS.name, 5)
    assert until(lambda: worker.said("held 5"))
    worker.stop()
    consumer = transport.consumer(RUNS.name)
    assert consumer.take(5, 1.5) == []
    assert numbers_of(transport, RUNS.name) == (0, 5, 2)
    worker.kill()
    assert len(gather(consumer, 5)) == 5


def test_a_consumer_whose_owner_file_was_removed_begins_afresh(broker):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 4))
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 2)
    for path in (broker.data / "owners").iterdir():
        path.unlink()
    assert numbers_of(transport, RUNS.name) == (4, 0, 0)
    with pytest.raises(Unavailable, match="taken for dead"):
        consumer.acknowledge(held)
    again = gather(consumer, 4)
    assert [(d.body, d.redelivered) for d in again] == [
        (b"0", True),
        (b"1", True),
        (b"2", False),
        (b"3", False),
    ]


def test_files_of_owners_that_a_crash_left_are_swept_by_the_next_consumer(broker):
    transport = broker.connect((RUNS,))
    left = broker.data / "owners" / "0b5c6a3e-0000-4000-8000-000000000000"
    left.touch()
    transport.consumer(RUNS.name)
    assert not left.exists()


def test_large_messages_are_taken_in_portions(broker):
    transport = broker.connect((RUNS,))
    large = [say(bytes(2**20))] * 40
    transport.publisher().publish(large)
    consumer = transport.consumer(RUNS.name)
    assert len(consumer.take(40, 0)) == 32
    assert len(consumer.take(40, 0)) == 8
