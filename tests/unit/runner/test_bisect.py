"""The search for poisons, on its own: what it tries, in which order, and how often."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from prodiguer.runner.bisect import Region, search


class Batch:
    """A batch some of whose messages break any group that they are in."""

    def __init__(self, count: int, poisons: set[int], *, exact: bool) -> None:
        self.count, self.poisons, self.exact = count, poisons, exact
        self.done: list[int] = []
        self.isolated: list[int] = []
        self.attempts = 0
        self.touched = 0

    def attempt(self, start: int, stop: int) -> Region | None:
        self.attempts += 1
        broken = [index for index in range(start, stop) if index in self.poisons]
        self.touched += (broken[0] if broken and self.exact else stop) - start
        if not broken:
            self.done += range(start, stop)
            return None
        return Region(broken[0], broken[0] + 1) if self.exact else Region(start, stop)

    def isolate(self, index: int) -> bool:
        self.isolated.append(index)
        if index not in self.poisons:
            self.done.append(index)
        return index in self.poisons

    def run(self) -> None:
        first = min(self.poisons)
        known = Region(first, first + 1) if self.exact else Region(0, self.count)
        search(self.count, known, self.attempt, self.isolate)


batches = st.integers(1, 300).flatmap(
    lambda count: st.tuples(
        st.just(count), st.sets(st.integers(0, count - 1), min_size=1), st.booleans()
    )
)


@given(batches)
def test_every_good_message_is_done_once_in_order_and_every_poison_is_isolated(
    case: tuple[int, set[int], bool],
) -> None:
    count, poisons, exact = case
    batch = Batch(count, poisons, exact=exact)
    batch.run()
    assert batch.done == [index for index in range(count) if index not in poisons]
    assert [index for index in batch.isolated if index in poisons] == sorted(poisons)


@given(st.integers(2, 10_000), st.data())
def test_one_poison_costs_no_more_than_halving_and_one_attempt_for_the_rest(
    count: int, data: st.DataObject
) -> None:
    batch = Batch(count, {data.draw(st.integers(0, count - 1))}, exact=False)
    batch.run()
    assert batch.attempts + len(batch.isolated) <= math.ceil(math.log2(count)) + 2


def test_a_batch_of_poisons_alone_is_not_done_over_and_over() -> None:
    batch = Batch(500, set(range(500)), exact=False)
    batch.run()
    assert batch.touched <= 5 * 500


def test_a_failure_that_was_of_no_message_ends_with_all_of_them_done() -> None:
    batch = Batch(64, set(), exact=False)
    search(64, Region(0, 64), batch.attempt, batch.isolate)
    assert batch.done == list(range(64))
