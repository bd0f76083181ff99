"""Queries of URLs."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer.web import parameters as p
from prodiguer.web.problems import Problem

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN = (p.Q, p.STATE, p.SIMULATION_SORT, p.SINCE, *p.PAGING)


def bad(query: str) -> str:
    with pytest.raises(Problem) as problem:
        p.read_query(query, KNOWN, NOW)
    assert problem.value.status == 400
    return str(problem.value.extra["parameter"])


def test_a_query_is_read_into_values() -> None:
    read = p.read_query("q=a+b%C3%A9&limit=1000&sort=-name&since=*&", KNOWN, NOW)

    assert read == {"q": "a bé", "limit": 1000, "sort": "-name", "since": None}


def test_nothing_is_given_by_an_empty_query() -> None:
    assert p.read_query("", KNOWN, NOW) == {}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=1&limit=2", "limit"),
        ("limit=1&limit=1", "limit"),
        ("limit[]=1", "limit[]"),
        ("offset=0", "offset"),
        ("=1", ""),
        ("state=", "state"),
        ("state", "state"),
        ("state=nearly", "state"),
        ("sort=password", "sort"),
        ("sort=--name", "sort"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1001", "limit"),
        ("limit=1e2", "limit"),
        ("limit=٣", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("q=%", "q"),
        ("q=%zz", "q"),
        ("q=%ff", "q"),
        ("q=%00", "q"),
        ("q=a%0Ab", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=" + "*" * 17, "q"),
        ("cursor=%20", "cursor"),
        ("cursor=" + "a" * 8001, "cursor"),
        ("since=0W", "since"),
        ("x" * 5000 + "=1", "x" * 100),
        ("&".join(f"a{n}=1" for n in range(65)), ""),
    ],
)
def test_what_cannot_be_used_is_named(query: str, name: str) -> None:
    assert bad(query) == name


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_no_text_at_all_crashes_the_reader(text: str) -> None:
    for query in (text, f"q={text}", f"since={text}", f"limit={text}", f"cursor={text}"):
        with suppress(Problem):
            p.read_query(query, KNOWN, NOW)
