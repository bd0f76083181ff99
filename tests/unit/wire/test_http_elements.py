"""A body over HTTP: its elements one by one, or no body at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer.errors import Refused
from prodiguer.wire import codec, elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3),
)
DEEP = b"[" * 50_000 + b"]" * 50_000


@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 2]))
def test_an_array_gives_its_elements(values: list[Any], indent: int | None) -> None:
    body = json.dumps(values, indent=indent).encode()

    found = [json.loads(element) for element in elements.split(body)]

    assert found == values


@given(st.lists(VALUES, max_size=6))
def test_a_deep_neighbour_changes_nothing(values: list[Any]) -> None:
    raw = [json.dumps(value).encode() for value in values]

    found = list(elements.split(b"[" + b" , ".join([*raw, DEEP]) + b"]"))

    assert found == [*raw, DEEP]


def test_an_object_is_its_own_element() -> None:
    assert list(elements.split(b' {"a": 1}\n')) == [b'{"a": 1}']


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (rb'{"a":"\ud800"}', "encoding: a"),
        (b'{"a":"\xff"}', "encoding: byte 6"),
        (b'{"a":NaN}', "number: NaN"),
        (b'{"a":1e400}', "number: 1e400"),
        (b'{"a":' + DEEP + b"}", "depth: byte 36"),
        (b'{"a":1,"a":2}', "duplicate-key: a"),
        (b"3", "not-object"),
    ],
)
def test_what_is_wrong_inside_of_an_element_is_its_own_business(bad: bytes, reason: str) -> None:
    found = list(elements.split(b'[{"b":1},' + bad + b',{"c":[1,2]}]'))

    assert found == [b'{"b":1}', bad, b'{"c":[1,2]}']
    with pytest.raises(Refused) as caught:
        codec.decode_object(found[1])
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"hello",
        b"{",
        b'{"a":1',
        b'{"a":1}{"b":2}',
        b'{"a":1}\n{"b":2}',
        b"[",
        b"[1,]",
        b"[1 2]",
        b"[,]",
        b'[{"a":1},',
        b'[{"a":1}] x',
        b'[{"a":NaN}] x',
        b'[{"a":NaN}, {b}]',
        b"[]]",
        b"[{]",
        b"\xef\xbb\xbf[]",
        '[{"a":1}]'.encode("utf-16"),
        DEEP + b"]",
        DEEP[:-1],
        b"[" * 1_000_000,
        b"<a/>",
    ],
    ids=range(23),
)
def test_a_body_that_is_no_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        list(elements.split(body))

    assert caught.value.code == "not-json"


@pytest.mark.parametrize("body", [b"1", b"null", b'"x"', b"true", b" -1.5e3 "])
def test_a_body_that_is_another_value_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        list(elements.split(body))

    assert caught.value.reason == "not-object"


def test_an_empty_array_has_no_elements() -> None:
    assert list(elements.split(b" [ ] ")) == []


def test_lines_are_elements_and_blank_ones_are_none() -> None:
    body = b'{"a":1}\r\n\n  {"b":2}\n\t\nbroken'

    found = list(elements.split_lines(body.splitlines(keepends=True)))

    assert found == [b'{"a":1}', b'{"b":2}', b"broken"]
