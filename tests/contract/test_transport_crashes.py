"""Nothing that was confirmed is lost, nothing that was acknowledged comes back: under kill -9."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest
from broker_kit import PATIENCE, RUNS, bodies, drain, gather, numbered, numbers_of, until

DICE = random.Random(20_160_404)  # any sequence does, always the same


def has_taken(worker, count: int, transport) -> bool:
    return len(worker.lines()) > count or numbers_of(transport, RUNS.name)[0] == 0


def confirmed_by(*workers) -> set[int]:
    found: set[int] = set()
    for worker in workers:
        for line in worker.lines():
            word, first, count = line.split()
            if word == "confirmed":
                found.update(range(int(first), int(first) + int(count)))
    return found


def content(transport) -> Counter[int]:
    return Counter(int(body) for body in bodies(drain(transport, RUNS.name)))


def test_what_a_killed_process_held_goes_to_a_consumer_that_waits(broker):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 30))
    worker = broker.worker("hold", RUNS.name, 20)
    assert until(lambda: worker.said("held 20"))
    consumer = transport.consumer(RUNS.name)
    assert bodies(gather(consumer, 10)) == [str(n) for n in range(20, 30)]
    worker.kill()
    again = gather(consumer, 20)
    assert bodies(again) == [str(n) for n in range(20)]
    assert all(delivery.redelivered for delivery in again)


def test_what_a_killed_process_held_waits_for_the_next_consumer(broker):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 20))
    worker = broker.worker("hold", RUNS.name, 20)
    assert until(lambda: worker.said("held 20"))
    assert numbers_of(transport, RUNS.name) == (0, 20, 1)
    worker.kill()
    assert until(lambda: numbers_of(transport, RUNS.name) == (20, 0, 0))
    assert content(transport) == Counter(range(20))


def test_all_that_was_confirmed_before_a_kill_is_there_in_order(broker):
    transport = broker.connect((RUNS,))
    worker = broker.worker("publish", 0, 1_000_000, 20)
    assert until(lambda: len(worker.lines()) > 100)
    worker.kill()
    confirmed = confirmed_by(worker)
    received = [int(body) for body in bodies(drain(transport, RUNS.name))]
    assert received == list(range(len(received)))
    assert confirmed <= set(received)
    assert len(received) - len(confirmed) in (0, 20)


POINTS = {"publish.before_commit": 0, "publish.after_commit": 20}


@pytest.mark.parametrize(("point", "extra"), POINTS.items(), ids=POINTS)
def test_a_publisher_that_is_killed_and_sends_again_repeats_its_last_window_at_most(
    broker, point, extra
):
    transport = broker.connect((RUNS,))
    killed = broker.worker("publish", 0, 200, 20, fault=f"{point}:kill@5")
    assert killed.wait() == -9
    assert confirmed_by(killed) == set(range(80))
    assert content(transport) == Counter(range(80 + extra))
    again = broker.worker("publish", 80, 120, 20)
    assert again.wait() == 0
    assert content(transport) == Counter(range(80, 200))


CONSUMER_POINTS = ["take.after_commit", "ack.before_commit", "ack.after_commit"]


@pytest.mark.parametrize("point", CONSUMER_POINTS)
def test_a_consumer_that_is_killed_has_either_acknowledged_or_left_its_batch(broker, point):
    transport = broker.connect((RUNS,))
    transport.publisher().publish(numbered(0, 100))
    killed = broker.worker("consume", RUNS.name, 10, fault=f"{point}:kill@3")
    assert killed.wait() == -9
    gone = 30 if point == "ack.after_commit" else 20
    left = drain(transport, RUNS.name)
    assert bodies(left) == [str(n) for n in range(gone, 100)]
    assert [d.redelivered for d in left] == [n < 30 for n in range(gone, 100)]


def test_two_consumers_that_are_killed_at_random_miss_nothing_and_share_nothing(broker):
    count, limit, kills = 20_000, 20, 10
    transport = broker.connect((RUNS,))
    publisher = transport.publisher()
    for first in range(0, count, 500):
        publisher.publish(numbered(first, 500))
    consume = ("consume", RUNS.name, limit, 0.005)
    workers = [broker.worker(*consume) for _ in range(2)]
    living = list(workers)
    for _ in range(kills):
        victim = DICE.randrange(2)
        enough = 100 + DICE.randrange(400)
        assert until(partial(has_taken, living[victim], enough, transport))
        living[victim].kill()
        living[victim] = broker.worker(*consume)
        workers.append(living[victim])
    assert until(lambda: numbers_of(transport, RUNS.name)[:2] == (0, 0), 2 * PATIENCE)
    taken = [line.split() for worker in workers for line in worker.lines() if line != "ready"]
    assert {int(body) for _, body, _ in taken} == set(range(count))
    first_times = Counter(body for _, body, redelivered in taken if redelivered == "0")
    assert max(first_times.values()) == 1
    assert 0 < len(taken) - count <= kills * limit
