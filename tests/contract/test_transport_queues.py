"""Declaring queues, and what is told of them."""

from __future__ import annotations

import pytest
from broker_kit import (
    DEAD_QUEUE,
    LOG,
    QUEUES,
    RUNS,
    bodies,
    drain,
    gather,
    numbered,
    numbers_of,
    say,
    status_of,
    until,
)

from prodiguer.errors import ConfigurationError, Refused, Unavailable
from prodiguer.ports.transport import PRIMARY, Binding, Queue


def test_declaring_twice_changes_nothing(broker):
    transport = broker.connect()
    transport.publisher().publish([say("kept")])
    transport.declare(QUEUES)
    broker.connect()
    assert bodies(drain(transport, RUNS.name)) == ["kept"]


def test_declaring_again_makes_exactly_the_bindings_that_are_said(broker):
    transport = broker.connect()
    publisher = transport.publisher()
    publisher.publish([say("before")])
    transport.declare([Queue(RUNS.name, (Binding(PRIMARY, "#.7000"),))])
    publisher.publish([say("after"), say("transfer", key="test.u.p.metrics.7000")])
    assert bodies(drain(transport, RUNS.name)) == ["before", "transfer"]


def test_declaring_one_queue_leaves_the_others_alone(broker):
    transport = broker.connect()
    transport.declare([Queue(RUNS.name)])
    transport.publisher().publish([say("still")])
    assert bodies(drain(transport, LOG.name)) == ["still"]
    assert {status.name for status in transport.status()} == {queue.name for queue in QUEUES}


def test_a_queue_without_bindings_gets_what_is_sent_to_it_by_name(broker):
    transport = broker.connect((Queue("test.alone"),))
    transport.publisher().publish([say("hi", key="test.alone", exchange="")])
    assert bodies(drain(transport, "test.alone")) == ["hi"]


@pytest.mark.parametrize("exchange", ["", "amq.topic"])
def test_a_binding_to_what_is_no_exchange_is_refused(broker, exchange):
    with pytest.raises(ConfigurationError, match=r"test\.wrong"):
        broker.connect((Queue("test.wrong", (Binding(exchange, "#"),)),))


@pytest.mark.parametrize(
    "queue",
    [Queue("q" * 256), Queue("test.q", (Binding(PRIMARY, "a" * 256),))],
    ids=["name", "binding"],
)
def test_names_and_bindings_have_at_most_255_bytes(broker, queue):
    with pytest.raises(Refused, match="255"):
        broker.connect((queue,))


def test_the_status_counts_what_waits_what_is_held_and_who_consumes(broker):
    transport = broker.connect()
    transport.publisher().publish(numbered(0, 10))
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 4)
    assert until(lambda: numbers_of(transport, RUNS.name) == (6, 4, 1))
    consumer.acknowledge(held[:3])
    assert until(lambda: numbers_of(transport, RUNS.name) == (6, 1, 1))
    consumer.release(held[3:])
    assert until(lambda: numbers_of(transport, RUNS.name) == (7, 0, 1))
    consumer.close()
    assert until(lambda: numbers_of(transport, RUNS.name) == (7, 0, 0))
    assert numbers_of(transport, LOG.name) == (10, 0, 0)


def test_the_status_is_sorted_by_name(broker):
    names = [status.name for status in broker.connect().status()]
    assert names == sorted([RUNS.name, LOG.name, DEAD_QUEUE.name])


def test_the_age_of_a_queue_is_that_of_its_oldest_message_also_while_it_is_held(broker):
    transport = broker.connect()
    assert status_of(transport, RUNS.name).oldest_age is None
    transport.publisher().publish([say("old")])
    assert until(lambda: (status_of(transport, RUNS.name).oldest_age or 0) >= 0.2)
    consumer = transport.consumer(RUNS.name)
    held = gather(consumer, 1)
    transport.publisher().publish([say("young")])
    assert status_of(transport, RUNS.name).oldest_age >= 0.2
    consumer.acknowledge(held)
    age = status_of(transport, RUNS.name).oldest_age
    assert age is not None
    assert 0 <= age < 60


def test_a_broker_answers_until_it_is_closed(broker):
    transport = broker.connect()
    transport.ping()
    transport.close()
    with pytest.raises(Unavailable):
        transport.ping()
