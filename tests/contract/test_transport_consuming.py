"""What a consumer may rely on, whichever broker it is."""

from __future__ import annotations

import threading
import time

import pytest
from broker_kit import (
    PATIENCE,
    RUNS,
    bodies,
    drain,
    gather,
    numbered,
    numbers_of,
    say,
)

from prodiguer.errors import ConfigurationError, NotFound, Unavailable


def filled(broker, count: int):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, count))
    return transport


def words(numbers) -> list[str]:
    return [str(number) for number in numbers]


def test_messages_come_in_the_order_of_their_publication(broker):
    transport = filled(broker, 50)
    transport.publisher().publish(numbered(50, 50))
    consumer = transport.consumer(RUNS.name)
    assert bodies(gather(consumer, 100)) == words(range(100))


def test_a_take_gives_no_more_than_its_limit(broker):
    consumer = filled(broker, 10).consumer(RUNS.name)
    assert 0 < len(consumer.take(3, PATIENCE)) <= 3


def test_the_tags_of_a_consumer_grow(broker):
    tags = [d.tag for d in gather(filled(broker, 20).consumer(RUNS.name), 20)]
    assert tags == sorted(set(tags))


def test_a_consumer_holds_no_more_than_its_prefetch(broker):
    consumer = filled(broker, 10).consumer(RUNS.name, prefetch=4)
    held = gather(consumer, 4)
    assert consumer.take(10, 0.2) == []
    consumer.acknowledge(held[:2])
    assert bodies(gather(consumer, 2)) == ["4", "5"]
    assert consumer.take(10, 0.0) == []


def test_a_prefetch_of_nothing_is_refused(broker):
    with pytest.raises(ConfigurationError, match="prefetch"):
        filled(broker, 0).consumer(RUNS.name, prefetch=0)


def test_an_acknowledged_message_never_comes_back(broker):
    transport = filled(broker, 10)
    consumer = transport.consumer(RUNS.name)
    consumer.acknowledge(gather(consumer, 10))
    consumer.close()
    assert drain(transport, RUNS.name) == []
    transport.close()
    assert drain(broker.connect((RUNS,)), RUNS.name) == []


def test_acknowledging_some_leaves_the_others(broker):
    transport = filled(broker, 6)
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 6)
    consumer.acknowledge([held[1], held[3], held[5]])
    consumer.close()
    assert bodies(drain(transport, RUNS.name)) == ["0", "2", "4"]


@pytest.mark.bad_input("B094")
def test_acknowledging_twice_changes_nothing_more(broker):
    transport = filled(broker, 3)
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 2)
    consumer.acknowledge([held[0], held[0]])
    consumer.acknowledge(held[:1])
    consumer.release(held[:1])
    consumer.close()
    assert bodies(drain(transport, RUNS.name)) == ["1", "2"]


@pytest.mark.bad_input("B094")
def test_a_consumer_cannot_decide_what_another_holds(broker):
    transport = filled(broker, 2)
    one, other = transport.consumer(RUNS.name), transport.consumer(RUNS.name)
    ones, others = gather(one, 1), gather(other, 1)
    other.acknowledge(ones)
    one.release(others)
    one.close()
    other.close()
    assert bodies(drain(transport, RUNS.name)) == ["0", "1"]


def test_acknowledging_and_releasing_nothing_is_no_error(broker):
    consumer = filled(broker, 0).consumer(RUNS.name)
    consumer.acknowledge([])
    consumer.release([])


def test_a_released_message_comes_back_at_its_old_place_and_says_so(broker):
    consumer = filled(broker, 5).consumer(RUNS.name)
    held = gather(consumer, 3)
    consumer.release(held)
    again = gather(consumer, 5)
    assert bodies(again) == words(range(5))
    assert [d.redelivered for d in again] == [True, True, True, False, False]


def test_a_message_that_another_released_goes_before_the_younger_ones(broker):
    transport = filled(broker, 6)
    one, other = transport.consumer(RUNS.name), transport.consumer(RUNS.name)
    first = gather(one, 2)
    gather(other, 2)
    one.release(first)
    assert bodies(gather(other, 4)) == ["0", "1", "4", "5"]


def test_what_a_closed_consumer_held_goes_to_the_others_in_order(broker):
    transport = filled(broker, 5)
    one, other = transport.consumer(RUNS.name), transport.consumer(RUNS.name)
    gather(one, 3)
    one.close()
    again = gather(other, 5)
    assert bodies(again) == words(range(5))
    assert [d.redelivered for d in again] == [True, True, True, False, False]


def test_what_was_held_comes_back_after_the_broker_was_opened_anew(broker):
    transport = filled(broker, 4)
    gather(transport.consumer(RUNS.name), 2)
    transport.close()
    again = drain(broker.connect((RUNS,)), RUNS.name)
    assert bodies(again) == words(range(4))
    assert [d.redelivered for d in again] == [True, True, False, False]


def test_two_consumers_never_hold_the_same_message(broker):
    transport = filled(broker, 300)
    consumers = [transport.consumer(RUNS.name, prefetch=100) for _ in range(3)]
    held = [bodies(gather(consumer, 100)) for consumer in consumers]
    assert sorted(int(body) for part in held for body in part) == list(range(300))


def test_a_closed_consumer_can_be_closed_again_and_takes_no_more(broker):
    consumer = filled(broker, 3).consumer(RUNS.name)
    consumer.close()
    consumer.close()
    with pytest.raises(Unavailable):
        consumer.take(1, 0)


def test_closing_the_broker_closes_what_it_opened(broker):
    transport = filled(broker, 3)
    gather(transport.consumer(RUNS.name), 3)
    other = broker.connect((RUNS,))
    transport.close()
    transport.close()
    assert numbers_of(other, RUNS.name) == (3, 0, 0)


def test_a_queue_that_nobody_declared_cannot_be_consumed(broker):
    with pytest.raises(NotFound, match=r"test\.nobody"):
        broker.connect().consumer("test.nobody")


def test_a_take_of_an_empty_queue_waits_as_long_as_it_is_told(broker):
    consumer = filled(broker, 0).consumer(RUNS.name)
    began = time.monotonic()
    assert consumer.take(10, 0.3) == []
    assert 0.3 <= time.monotonic() - began < PATIENCE


def test_a_take_that_may_not_wait_does_not(broker):
    consumer = filled(broker, 0).consumer(RUNS.name)
    began = time.monotonic()
    for _ in range(10):
        assert consumer.take(10, 0) == []
    assert time.monotonic() - began < PATIENCE


def waiting_take(consumer):
    """A thread in ``take`` and where its deliveries will be."""
    found: list = []
    thread = threading.Thread(target=lambda: found.extend(consumer.take(10, PATIENCE)))
    thread.start()
    return thread, found


def test_a_publication_wakes_a_consumer_that_waits(broker):
    transport = filled(broker, 0)
    began = time.monotonic()
    thread, found = waiting_take(transport.consumer(RUNS.name))
    transport.publisher().publish([say("news")])
    thread.join(PATIENCE)
    assert bodies(found) == ["news"]
    assert time.monotonic() - began < PATIENCE


def test_a_publication_of_another_process_wakes_a_consumer_that_waits(broker):
    began = time.monotonic()
    thread, found = waiting_take(filled(broker, 0).consumer(RUNS.name))
    broker.worker("publish", 7, 1, 1)
    thread.join(2 * PATIENCE)
    assert bodies(found) == ["7"]
    assert time.monotonic() - began < PATIENCE


def test_what_another_consumer_releases_wakes_a_consumer_that_waits(broker):
    transport = filled(broker, 1)
    holder = transport.consumer(RUNS.name)
    held = gather(holder, 1)
    thread, found = waiting_take(transport.consumer(RUNS.name))
    holder.release(held)
    thread.join(PATIENCE)
    assert bodies(found) == ["0"]
