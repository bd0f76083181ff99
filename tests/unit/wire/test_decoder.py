"""The fast way and the exact way through the decoder are one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prodiguer.errors import Refused
from prodiguer.wire import base64_text, codec, repair, strict

TEXTS = st.text(max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | TEXTS
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(TEXTS, v))
FLAT = st.dictionaries(TEXTS, TEXTS, max_size=8)
#: Pieces that JSON is made of, in any order.
SCRAPS = st.lists(
    st.sampled_from(
        [b"{", b"}", b"[", b"]", b'"', b":", b",", b'"a"', b'"b":', b'"a":"b"', b"\\", b"\\u0000",
         b"\\ud800", b"\xff", b"\xc3\xa9", b"\x00", b"\n", b" ", b"1", b"NaN", b"1e999", b"null"]
    ),
    max_size=14,
).map(b"".join)  # fmt: skip


def outcome(decode: Any, data: bytes) -> tuple[Any, str]:
    try:
        return decode(data), ""
    except Refused as refused:
        return None, refused.reason


def same(data: bytes) -> None:
    fast, exact = outcome(codec.decode_object, data), outcome(strict.decode_object, data)
    assert repr(fast) == repr(exact)
    if fast[0] is not None:
        assert list(fast[0]) == list(exact[0])


@given(FLAT, st.booleans(), st.sampled_from([None, 1]))
def test_flat_messages_of_texts(message: dict[str, str], ascii_only: bool, indent: int) -> None:
    same(json.dumps(message, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace"))


@given(VALUES)
def test_any_value(value: Any) -> None:
    same(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@given(SCRAPS)
@example(b'{"a":"b","a":"b"}')
@example(b'{"a":"b"}\xff')
@example(b'{"a":"b"}\x00')
@example(b'\xef\xbb\xbf{"a":"b"}')
def test_any_scraps(data: bytes) -> None:
    same(data)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    same(data)


@pytest.mark.parametrize("size", [1023, 1024, 1025, 65_535, 65_536, 65_537])
@pytest.mark.parametrize("field", ["name", "data"])
def test_texts_around_the_limits(size: int, field: str) -> None:
    same(json.dumps({field: "x" * size}).encode())
    same(json.dumps({"x" * size: ""}).encode())


@pytest.mark.parametrize("count", [999, 1000, 1001])
def test_keys_around_the_limit(count: int) -> None:
    same(json.dumps({f"k{number}": "" for number in range(count)}).encode())


@given(FLAT)
def test_what_is_encoded_is_decoded(message: dict[str, str]) -> None:
    clean = {k.replace("\0", ""): v.replace("\0", "") for k, v in message.items()}

    assert codec.decode_object(codec.encode(clean)) == clean


@given(VALUES)
def test_the_digest_does_not_depend_on_the_order_of_keys(value: Any) -> None:
    def reverse(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: reverse(item[key]) for key in reversed(item)}
        return [reverse(one) for one in item] if isinstance(item, list) else item

    assert codec.digest(reverse(value)) == codec.digest(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        (
            {"b": "é", "a": "/\n\x7f"},
            "5e168824c52f6f1286af70e62bbca3b322689c68c4e3f8547bf58ff966efef37",
        ),
        (
            {"a": [1, 1.5, None, True, {"z": 1e22, "y": 1e-7}]},
            "d370a3732f5e39e8bfe98454382d188a49b809b4ed2a59665e142f1451e5e1d5",
        ),
    ],
)
def test_digests_never_change_from_one_version_to_the_next(value: Any, expected: str) -> None:
    assert codec.digest(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"YWJj", (b"abc", False)),
        (b" YW Jj\r", (b"abc", False)),
        (b"YWI=", (b"ab", False)),
        (b"YWI", (b"ab", True)),
        (b"YQ", (b"a", True)),
        (b"YQ=", (b"a", True)),
        (b"", (b"", False)),
    ],
)
def test_base64_may_lack_its_padding(text: bytes, expected: tuple[bytes, bool]) -> None:
    assert base64_text.decode(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"@@@", "not-base64: byte 0"),
        (b"YW-_", "not-base64: byte 2"),
        (b"Y", "not-base64: byte 1"),
        (b"YQ==YWJj", "not-base64: byte 2"),
        (b"YW\x00j", "not-base64: byte 2"),
    ],
)
def test_what_is_not_base64_says_where(text: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        base64_text.decode(text)

    assert caught.value.reason == reason


def test_backslashes_are_removed_only_where_the_syntax_is_broken() -> None:
    assert repair.decode_object(rb'{"a":"C:\\x"}') == ({"a": "C:\\x"}, False)
    assert repair.decode_object(rb'{"a":"C:\x"}') == ({"a": "C:x"}, True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (rb'{"a":"\x","b":"\u0000"}', "not-json"),
        (rb'{"a":"\x","b":"\ud800"}', "not-json"),
        (rb'{"a":"\x","b":NaN}', "number"),
        (rb'{"a":"\x","a":"\y"}', "duplicate-key"),
        (rb'{"a":"\x"', "not-json"),
        (b'{"a":"\\x\0"}', "nul"),
        (rb'{"a":"\\x","a":""}', "duplicate-key"),
    ],
)
def test_nothing_is_repaired_that_hides_something(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        repair.decode_object(data)

    assert caught.value.code == reason
