"""Where a mail is cut into pieces makes no difference."""

from __future__ import annotations

import base64
import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from prodiguer.wire.mail import text, transfer
from prodiguer.wire.mail.line import is_skipped

CUTS = st.lists(st.integers(0, 60), max_size=8)
QUOTED = st.lists(
    st.sampled_from(
        [b"=", b"=3D", b"=0A", b"=\r\n", b"= \n", b"=\r", b"\r\n", b"\r", b"ab", b"=G1"]
    ),
    max_size=12,
).map(b"".join)
LINES = st.lists(st.sampled_from([b"\n", b"\n\n", b"\r", b" ", b"a", b"b c", b"\t\n"])).map(
    b"".join
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({min(cut, len(data)) for cut in [0, *cuts, len(data)]})
    return [data[start:end] for start, end in itertools.pairwise(places)]


@given(QUOTED, CUTS)
def test_quoted_printable(data: bytes, cuts: list[int]) -> None:
    whole = re.sub(
        rb"=(?:([0-9A-Fa-f]{2})|[ \t]*\r?(?:\n|\Z))",
        lambda m: bytes.fromhex(m[1].decode()) if m[1] else b"",
        data,
    )

    assert b"".join(transfer._quoted_printable(pieces(data, cuts))) == whole


@given(st.lists(st.binary(max_size=20), max_size=4), CUTS)
def test_base64_texts_behind_each_other(texts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(map(base64.encodebytes, texts))

    padded_only = b"".join(texts)

    assert b"".join(transfer._base64(pieces(data, cuts))) == padded_only


@given(LINES, CUTS)
def test_line_ends(data: bytes, cuts: list[int]) -> None:
    assert b"".join(transfer._with_newlines(pieces(data, cuts))) == data.replace(b"\r\n", b"\n")


@given(LINES, CUTS)
def test_lines_and_their_number(data: bytes, cuts: list[int]) -> None:
    found = list(text.lines(pieces(data, cuts)))
    count = text.LineCount()
    for piece in pieces(data, cuts):
        count.add(piece)

    expected = data.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert found == list(enumerate(expected, 1))
    assert count.total == sum(not is_skipped(line) for line in expected)
