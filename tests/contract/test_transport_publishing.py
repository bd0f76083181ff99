"""What a publisher may rely on, whichever broker it is."""

from __future__ import annotations

import threading

import pytest
from broker_kit import DEAD_QUEUE, KEY, RUNS, bodies, drain, gather, numbered, say, status_of

from prodiguer.errors import ConfigurationError, Refused, Unavailable
from prodiguer.ports.transport import (
    EXCHANGE_HEADER,
    PRIMARY,
    REASON_HEADER,
    SECONDARY,
    UNROUTABLE,
    Binding,
    Properties,
    Publication,
    Queue,
)


def one(transport, queue):
    (delivery,) = drain(transport, queue)
    return delivery


def test_a_publication_reaches_the_queue_that_is_bound_to_its_key(broker):
    transport = broker.connect()
    transport.publisher().publish([say("hello")])
    consumer = transport.consumer(RUNS.name)
    (delivery,) = gather(consumer, 1)
    assert delivery.body == b"hello"
    assert (delivery.exchange, delivery.routing_key) == (PRIMARY, KEY)
    assert not delivery.redelivered


def test_every_queue_that_takes_it_gets_its_own_copy(broker):
    transport = broker.connect()
    transport.publisher().publish([say("both")])
    assert bodies(drain(transport, RUNS.name)) == ["both"]
    assert bodies(drain(transport, "test.log")) == ["both"]


def test_two_bindings_of_one_queue_that_both_match_give_one_copy(broker):
    twice = Queue("test.twice", (Binding(PRIMARY, "test.#"), Binding(PRIMARY, "#.0000")))
    transport = broker.connect((twice,))
    transport.publisher().publish([say("once")])
    assert bodies(drain(transport, twice.name)) == ["once"]


def test_a_queue_bound_to_one_exchange_hears_nothing_of_another(broker):
    transport = broker.connect()
    transport.publisher().publish([say("inside", exchange=SECONDARY)])
    assert drain(transport, RUNS.name) == []
    assert bodies(drain(transport, "test.log")) == ["inside"]


def test_the_default_exchange_puts_into_the_queue_that_the_key_names(broker):
    transport = broker.connect()
    transport.publisher().publish([say("direct", key=RUNS.name, exchange="")])
    delivery = one(transport, RUNS.name)
    assert (delivery.exchange, delivery.routing_key) == ("", RUNS.name)
    assert drain(transport, "test.log") == []


PROPERTIES = {
    "all set": Properties(
        message_id="6e0a2f3c-9a4e-4d1d-8c1c-0a6f0e2b7a11",
        type="0000",
        app_id="monitoring",
        user_id="tgcc",
        timestamp=1_467_028_800,
        content_type="application/base64+json",
        content_encoding="utf-8",
        delivery_mode=2,
        priority=10,
        headers={"producer_id": "libigcm", "producer_version": "2.8.4"},
    ),
    "all absent": Properties(
        content_type=None, content_encoding=None, delivery_mode=None, priority=None
    ),
    "unicode": Properties(type="é", headers={"name": "Météo 気候 🌍", "clé": "à\nb\tc\x00"}),
    "scalars": Properties(
        headers={"n": None, "t": True, "f": False, "i": 2**63 - 1, "j": -(2**63), "x": 0.1, "": ""}
    ),
    "a long header": Properties(headers={"detail": "x" * 60_000}),
}


@pytest.mark.parametrize("properties", PROPERTIES.values(), ids=PROPERTIES)
def test_properties_arrive_exactly_as_they_were_sent(broker, properties):
    transport = broker.connect()
    transport.publisher().publish([Publication(PRIMARY, KEY, b"{}", properties)])
    received = one(transport, RUNS.name).properties
    assert received == properties
    assert [type(v) for v in received.headers.values()] == [
        type(v) for v in properties.headers.values()
    ]


BODIES = {"empty": b"", "every byte": bytes(range(256)), "1 MiB": bytes(range(256)) * 4096}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_arrives_byte_for_byte(broker, body):
    transport = broker.connect()
    transport.publisher().publish([say(body)])
    assert one(transport, RUNS.name).body == body


@pytest.mark.bad_input("B082")
@pytest.mark.parametrize("key", ["t" * 255, "é" * 127 + "x"], ids=["ascii", "two bytes each"])
def test_a_routing_key_of_255_bytes_is_carried(broker, key):
    transport = broker.connect((Queue("test.all", (Binding(PRIMARY, "#"),)),))
    transport.publisher().publish([say("long", key=key)])
    assert one(transport, "test.all").routing_key == key


@pytest.mark.bad_input("B082")
@pytest.mark.parametrize("key", ["t" * 256, "é" * 128], ids=["ascii", "two bytes each"])
def test_a_routing_key_of_256_bytes_is_refused_and_nothing_is_stored(broker, key):
    transport = broker.connect()
    with pytest.raises(Refused) as refusal:
        transport.publisher().publish([say("good"), say("bad", key=key)])
    assert refusal.value.reason == "too-large: routing key"
    assert all(status.ready == 0 for status in transport.status())


ODD_KEYS = ["", "one", "a b.c\nd", "#", "*", "..", "UPPER.Case", "prod.é", "nul.\x00"]


@pytest.mark.bad_input("B082")
@pytest.mark.parametrize("key", ODD_KEYS, ids=ascii)
def test_an_odd_routing_key_is_carried_as_it_is(broker, key):
    transport = broker.connect((Queue("test.all", (Binding(PRIMARY, "#"),)),))
    transport.publisher().publish([say("odd", key=key)])
    assert one(transport, "test.all").routing_key == key


ODD_HEADERS = {
    "a list": ([1], "bad-field: headers.h"),
    "an object": ({"a": 1}, "bad-field: headers.h"),
    "bytes": (b"raw", "bad-field: headers.h"),
    "not a number": (float("nan"), "number: headers.h"),
    "infinite": (float("inf"), "number: headers.h"),
    "65 bits": (2**63, "number: headers.h"),
    "half a pair": ("\ud800", "encoding: properties"),
}


@pytest.mark.bad_input("B087")
@pytest.mark.parametrize(("value", "reason"), ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_a_header_that_is_no_json_scalar_is_refused(broker, value, reason):
    transport = broker.connect()
    with pytest.raises(Refused) as refusal:
        transport.publisher().publish([say("odd", headers={"h": value})])
    assert refusal.value.reason == reason
    assert drain(transport, RUNS.name) == []


@pytest.mark.bad_input("B091")
@pytest.mark.parametrize("exchange", ["amq.topic", "x-primary ", "X-PRIMARY"])
def test_publishing_to_an_exchange_that_is_none_is_refused(broker, exchange):
    with pytest.raises(ConfigurationError, match="no exchange"):
        broker.connect().publisher().publish([say("lost", exchange=exchange)])


def test_publishing_nothing_is_no_error(broker):
    broker.connect().publisher().publish([])


@pytest.mark.bad_input("B099")
@pytest.mark.parametrize("exchange", [PRIMARY, SECONDARY])
def test_what_no_queue_takes_goes_to_the_dead_with_its_reason(broker, exchange):
    transport = broker.connect((RUNS, DEAD_QUEUE))
    lost = say("lost", key="prod.elsewhere", exchange=exchange, type="9", headers={"own": "kept"})
    transport.publisher().publish([lost, say("found")])
    delivery = one(transport, DEAD_QUEUE.name)
    assert (delivery.body, delivery.routing_key) == (b"lost", "prod.elsewhere")
    assert delivery.properties.type == "9"
    assert delivery.properties.headers == {
        "own": "kept",
        REASON_HEADER: UNROUTABLE,
        EXCHANGE_HEADER: exchange,
    }
    assert bodies(drain(transport, RUNS.name)) == ["found"]


def test_a_queue_name_that_nobody_declared_is_unroutable_too(broker):
    transport = broker.connect((DEAD_QUEUE,))
    transport.publisher().publish([say("lost", key="test.nobody", exchange="")])
    assert one(transport, DEAD_QUEUE.name).properties.headers[EXCHANGE_HEADER] == ""


def test_a_publication_that_not_even_the_dead_take_stays_with_its_sender(broker):
    transport = broker.connect((RUNS,))
    with pytest.raises(Unavailable, match=r"no queue takes 'prod\.elsewhere'"):
        transport.publisher().publish([say("lost", key="prod.elsewhere")])


def test_a_queue_that_is_declared_later_is_seen_by_a_publisher_that_is_open(broker):
    transport = broker.connect((DEAD_QUEUE,))
    publisher = transport.publisher()
    publisher.publish([say("early")])
    broker.connect((RUNS,))
    publisher.publish([say("late")])
    assert bodies(drain(transport, RUNS.name)) == ["late"]
    assert bodies(drain(transport, DEAD_QUEUE.name)) == ["early"]


def test_several_publishers_at_once_lose_nothing_and_keep_their_own_order(broker):
    transport = broker.connect((RUNS,))

    def send(first: int) -> None:
        publisher = transport.publisher()
        for start in range(first, first + 1000, 50):
            publisher.publish(numbered(start, 50))
        publisher.close()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(0, 4000, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = [int(body) for body in bodies(drain(transport, RUNS.name))]
    assert sorted(received) == list(range(4000))
    for first in range(0, 4000, 1000):
        own = [number for number in received if first <= number < first + 1000]
        assert own == list(range(first, first + 1000))


def test_a_closed_publisher_can_be_closed_again_and_publishes_no_more(broker):
    transport = broker.connect()
    publisher = transport.publisher()
    publisher.close()
    publisher.close()
    with pytest.raises(Unavailable):
        publisher.publish([say("late")])
    assert status_of(transport, RUNS.name).ready == 0
