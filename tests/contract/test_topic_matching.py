"""Our matcher answers as RabbitMQ does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from topic_cases import CASES

from prodiguer.wire.topics import Router, matches

WORDS = st.sampled_from(["a", "b", ""])
PATTERNS = st.lists(st.sampled_from(["a", "b", "*", "#", "#"]), max_size=6).map(".".join)
KEYS = st.lists(WORDS, min_size=1, max_size=6).map(".".join)


def by_definition(pattern: list[str], key: list[str]) -> bool:
    if not pattern:
        return not key
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(by_definition(rest, key[skipped:]) for skipped in range(len(key) + 1))
    return bool(key) and first in ("*", key[0]) and by_definition(rest, key[1:])


@pytest.mark.parametrize(("pattern", "key", "expected"), CASES)
def test_a_filter_takes_what_rabbitmq_would_take(pattern: str, key: str, expected: bool) -> None:
    assert matches(pattern, key) is expected


def test_there_are_cases_enough() -> None:
    assert len(set(CASES)) >= 40


@given(PATTERNS, KEYS)
def test_matching_is_what_its_definition_says(pattern: str, key: str) -> None:
    words = [part.split(".") if part else [] for part in (pattern, key)]

    assert matches(pattern, key) is by_definition(*words)


@given(st.lists(st.tuples(PATTERNS, st.integers(0, 3)), max_size=8), st.lists(KEYS, max_size=8))
def test_a_router_gives_each_target_once(bindings: list[tuple[str, int]], keys: list[str]) -> None:
    router = Router(bindings)

    for key in [*keys, *keys]:
        expected = {target for pattern, target in bindings if matches(pattern, key)}
        found = router.route(key)
        assert set(found) == expected
        assert len(found) == len(expected)


def test_a_router_forgets_rather_than_grows() -> None:
    router = Router([("#.7", "seven")])

    for number in range(3 * Router.CACHE):
        router.route(f"a.{number}")

    assert len(router._known) <= Router.CACHE
    assert router.route("a.7") == ("seven",)


def test_many_wildcards_take_no_time() -> None:
    pattern, key = ".".join(["#", "a"] * 60), ".".join(["a"] * 59 + ["b"])

    assert matches(pattern, key) is False
