"""Buckets that refill, one for each address."""

from prodiguer.web.rate import REMEMBERED, Rate


def test_as_many_as_in_a_second_may_come_at_once_and_no_more() -> None:
    rate = Rate(3)

    assert [rate.take("a", 10.0) for _ in range(5)] == [0, 0, 0, 1, 1]


def test_a_bucket_refills_with_time_up_to_its_size() -> None:
    rate = Rate(2)
    for _ in range(2):
        rate.take("a", 0.0)

    assert rate.take("a", 0.4) == 1
    assert rate.take("a", 0.5) == 0
    assert [rate.take("a", 1000.0) for _ in range(3)] == [0, 0, 1]


def test_the_wait_is_told_in_whole_seconds() -> None:
    rate = Rate(0.1, burst=1)
    rate.take("a", 0.0)

    assert rate.take("a", 0.0) == 10


def test_addresses_do_not_share_a_bucket() -> None:
    rate = Rate(1)
    rate.take("a", 0.0)

    assert rate.take("b", 0.0) == 0
    assert rate.take("a", 0.0) == 1


def test_a_rate_of_zero_is_no_limit() -> None:
    rate = Rate(0)

    assert {rate.take("a", 0.0) for _ in range(10_000)} == {0}


def test_what_is_remembered_is_bounded() -> None:
    rate = Rate(1)
    for number in range(REMEMBERED + 1):
        rate.take(str(number), 0.0)

    assert len(rate._buckets) == REMEMBERED
    assert rate.take("0", 0.0) == 0
