"""A real broker routes every case as the matcher says: one queue for each filter."""

from __future__ import annotations

from broker_kit import DEAD_QUEUE, drain, say
from topic_cases import CASES

from prodiguer.ports.transport import PRIMARY, Binding, Queue

NAMES = {pattern: f"test.filter-{n}" for n, pattern in enumerate({case[0] for case in CASES})}
KEYS = sorted({key for _, key, _ in CASES})


def test_every_topic_case_is_routed_as_rabbitmq_routes_it(broker):
    queues = [Queue(name, (Binding(PRIMARY, pattern),)) for pattern, name in NAMES.items()]
    transport = broker.connect((*queues, DEAD_QUEUE))
    transport.publisher().publish([say(key, key=key) for key in KEYS])
    received = {
        pattern: [delivery.routing_key for delivery in drain(transport, name)]
        for pattern, name in NAMES.items()
    }
    wrong = [case for case in CASES if received[case[0]].count(case[1]) != int(case[2])]
    assert wrong == []
    taken = {key for keys in received.values() for key in keys}
    lost = [delivery.routing_key for delivery in drain(transport, DEAD_QUEUE.name)]
    assert sorted(lost) == sorted(set(KEYS) - taken)
