"""A broker behaves like a few lists, whatever is done to it in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field

from broker_kit import LOG, RUNS, gather, say
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from prodiguer.ports.transport import Consumer, Delivery

KEYS = {"test.u.p.monitoring.0000": (RUNS.name, LOG.name), "test.u.p.metrics.7000": (LOG.name,)}


@dataclass
class Member:
    """A consumer, and what the model says that it holds."""

    consumer: Consumer
    queue: str
    prefetch: int
    held: dict[int, Delivery] = field(default_factory=dict)


class BrokerMachine(RuleBasedStateMachine):
    """`waiting` has for each queue the numbers of its free messages and whether they were out."""

    def __init__(self, make_broker) -> None:
        super().__init__()
        self.harness = make_broker()
        self.sent = 0
        self.members: list[Member] = []
        self.waiting: dict[str, dict[int, bool]] = {RUNS.name: {}, LOG.name: {}}

    @initialize(
        prefetches=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6)),
        keys=st.lists(st.sampled_from(sorted(KEYS)), min_size=4, max_size=12),
    )
    def begin(self, prefetches, keys) -> None:
        self.open(prefetches)
        self.publish(keys)

    def open(self, prefetches) -> None:
        self.transport = self.harness.connect((RUNS, LOG))
        self.publisher = self.transport.publisher()
        for queue, prefetch in zip((RUNS.name, LOG.name, LOG.name), prefetches, strict=True):
            self.consume(queue, prefetch)

    @rule(keys=st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=6))
    def publish(self, keys) -> None:
        self.publisher.publish([say(str(self.sent + n), key=key) for n, key in enumerate(keys)])
        for key in keys:
            for queue in KEYS[key]:
                self.waiting[queue][self.sent] = False
            self.sent += 1

    @precondition(lambda self: len(self.members) < 4)
    @rule(queue=st.sampled_from([RUNS.name, LOG.name]), prefetch=st.integers(1, 6))
    def consume(self, queue, prefetch) -> None:
        consumer = self.transport.consumer(queue, prefetch=prefetch)
        self.members.append(Member(consumer, queue, prefetch))

    @rule(data=st.data(), limit=st.integers(1, 8))
    def take(self, data, limit) -> None:
        member = data.draw(st.sampled_from(self.members))
        free = self.waiting[member.queue]
        count = min(limit, member.prefetch - len(member.held))
        expected = {number: free.pop(number) for number in sorted(free)[:count]}
        taken = (
            gather(member.consumer, len(expected), 2) if expected else member.consumer.take(1, 0)
        )
        assert {int(d.body): d.redelivered for d in taken} == expected
        assert [int(d.body) for d in taken] == list(expected)
        member.held |= {int(d.body): d for d in taken}

    @precondition(lambda self: any(member.held for member in self.members))
    @rule(data=st.data(), done=st.booleans())
    def decide(self, data, done) -> None:
        member = data.draw(st.sampled_from([m for m in self.members if m.held]))
        numbers = st.lists(st.sampled_from(sorted(member.held)), unique=True, min_size=1)
        some = {number: member.held.pop(number) for number in data.draw(numbers)}
        if done:
            member.consumer.acknowledge(some.values())
        else:
            member.consumer.release(some.values())
            self.waiting[member.queue] |= dict.fromkeys(some, True)

    @precondition(lambda self: len(self.members) > 1)
    @rule(data=st.data(), kill=st.booleans())
    def end_consumer(self, data, kill) -> None:
        member = data.draw(st.sampled_from(self.members))
        self.members.remove(member)
        if kill:
            self.harness.crash(member.consumer)
        else:
            member.consumer.close()
        self.waiting[member.queue] |= dict.fromkeys(member.held, True)

    @rule()
    def reopen(self) -> None:
        self.transport.close()
        for member in self.members:
            self.waiting[member.queue] |= dict.fromkeys(member.held, True)
        self.members.clear()
        self.open((3, 3, 3))

    @invariant()
    def status_tells_what_the_model_holds(self) -> None:
        told = {s.name: (s.ready, s.unacked, s.consumers) for s in self.transport.status()}
        assert told == {queue: self.counts(queue) for queue in self.waiting}

    def counts(self, queue: str) -> tuple[int, int, int]:
        members = [member for member in self.members if member.queue == queue]
        return len(self.waiting[queue]), sum(len(m.held) for m in members), len(members)

    def teardown(self) -> None:
        self.harness.close()


def test_a_broker_behaves_like_a_few_lists(make_broker):
    run_state_machine_as_test(
        lambda: BrokerMachine(make_broker),
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
