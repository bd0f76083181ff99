"""Heads of requests, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer.web import heads
from prodiguer.web.limits import Limits
from prodiguer.web.problems import Problem

LIMITS = Limits()
GOOD = b"GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"


def refused(head: bytes) -> int:
    with pytest.raises(Problem) as problem:
        heads.check(head, LIMITS)
    return problem.value.status


@pytest.mark.parametrize(
    "head",
    [
        GOOD,
        b"\r\n" + GOOD,
        b"POST / HTTP/1.0\r\nHost:localhost:80\r\nContent-Length:0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: [::1]\r\nTransfer-Encoding: Chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: caf\xe9 \t\r\nEmpty:\r\n\r\n",
    ],
)
def test_a_sound_head_passes(head: bytes) -> None:
    heads.check(head, LIMITS)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from([b"\n", b"\r", b"\0", b"\x7f", b"\x0b"]))
def test_a_control_byte_anywhere_is_refused(place: int, byte: bytes) -> None:
    bad = GOOD[:place] + byte + GOOD[place + 1 :]
    if bad != GOOD:
        assert refused(bad) in (400, 431)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    assert refused(noise + b"\r\n\r\n") == 400


@pytest.mark.parametrize("one", ["Host", "Content-Length", "Transfer-Encoding"])
def test_fields_that_proxies_disagree_about_may_come_once(one: str) -> None:
    values = {"Host": "localhost", "Content-Length": "1", "Transfer-Encoding": "chunked"}
    line = f"{one}: {values[one]}\r\n".encode()

    assert refused(GOOD.removesuffix(b"\r\n") + line + line + b"\r\n") == 400


def test_a_head_may_be_as_large_as_the_limit_and_no_larger() -> None:
    small = Limits(head=100)
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200
    fits = head[:95] + b"\r\n\r\n"

    heads.check(fits, small)
    with pytest.raises(Problem) as problem:
        heads.check(head[:96] + b"\r\n\r\n", small)
    assert problem.value.status == 431


def test_there_may_be_as_many_lines_as_the_limit_and_no_more() -> None:
    lines = [b"GET / HTTP/1.1", b"Host: localhost", *[b"X: 1"] * (LIMITS.header_lines - 1)]

    heads.check(b"\r\n".join([*lines, b"", b""]), LIMITS)
    assert refused(b"\r\n".join([*lines, b"X: 1", b"", b""])) == 431
