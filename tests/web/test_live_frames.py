"""What a live client may send, and how its mistakes end."""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from support.live_door import Live
from support.live_wire import Wire, masked
from support.web import Client

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
ASK = b'{"type": "ping"}'


@pytest.fixture
def wire(client: Client) -> Iterator[Wire]:
    with Wire(client.address) as wire:
        assert wire.frame()[0] == TEXT
        yield wire


def bad_close(code: int, reason: bytes = b"") -> bytes:
    return masked(CLOSE, struct.pack("!H", code) + reason)


@pytest.mark.bad_input("B126")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(b"\x81\x00", 1002, id="unmasked"),
        pytest.param(masked(0x3), 1002, id="reserved opcode"),
        pytest.param(masked(0xB), 1002, id="reserved control opcode"),
        pytest.param(masked(TEXT, ASK, bits=0x40), 1002, id="reserved bit 1"),
        pytest.param(masked(TEXT, ASK, bits=0x20), 1002, id="reserved bit 2"),
        pytest.param(masked(TEXT, ASK, bits=0x10), 1002, id="reserved bit 3"),
        pytest.param(masked(PING, b"x", final=False), 1002, id="control frame in pieces"),
        pytest.param(masked(PING, b"x" * 126), 1002, id="ping of 126 bytes"),
        pytest.param(masked(TEXT, b"\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(masked(TEXT, b"\xc3"), 1007, id="half a character"),
        pytest.param(masked(TEXT, b"\xed\xa0\x80"), 1007, id="a surrogate"),
        pytest.param(bad_close(999), 1002, id="close code 999"),
        pytest.param(bad_close(1005), 1002, id="close code 1005"),
        pytest.param(bad_close(5000), 1002, id="close code 5000"),
        pytest.param(masked(CLOSE, b"\x03"), 1002, id="half a close code"),
        pytest.param(bad_close(1000, b"\xff"), 1007, id="close reason that is no UTF-8"),
        pytest.param(b"\x81\xff" + struct.pack("!Q", 2**62), 1009, id="2^62 bytes"),
        pytest.param(b"\x81\xff" + struct.pack("!Q", 2**63), 1002, id="2^63 bytes"),
        pytest.param(b"\x81\xff" + struct.pack("!Q", 5), 1002, id="a length in 8 bytes for 5"),
        pytest.param(b"\x81\xfe" + struct.pack("!H", 5), 1002, id="a length in 2 bytes for 5"),
        pytest.param(masked(0x0, ASK), 1002, id="continuation first"),
        pytest.param(masked(TEXT, b"{", final=False) + masked(TEXT, b"}"), 1002, id="two at once"),
        pytest.param(masked(BINARY, ASK), 1003, id="binary"),
        pytest.param(masked(TEXT, b"", final=False) + masked(0x0, b"", final=False) * 100_000,
                     1009, id="0 bytes without end"),
        pytest.param(masked(TEXT, b"x", final=False) + masked(0x0, b"x" * 1000, final=False) * 100,
                     1009, id="pieces without end"),
        pytest.param(masked(TEXT) * 100_000, 1008, id="nothing, 100,000 times"),
        pytest.param(masked(PING) * 100_000, 1008, id="pings, 100,000 times"),
    ],
)  # fmt: skip
def test_a_frame_that_is_none_ends_the_connection(wire: Wire, sent: bytes, code: int) -> None:
    wire.send(sent)

    assert wire.closed() == code


def test_a_message_may_come_in_pieces_with_pings_between(wire: Wire) -> None:
    wire.send(masked(TEXT, ASK[:5], final=False))
    wire.send(masked(PING, b"here?"))
    wire.send(masked(0x0, ASK[5:], final=False) + masked(0x0))

    assert wire.frame() == (PONG, b"here?")
    assert json.loads(wire.frame()[1])["type"] == "pong"


def test_bytes_may_come_one_by_one(wire: Wire) -> None:
    for byte in masked(TEXT, ASK + b" " * 200):
        wire.send(bytes([byte]))

    assert json.loads(wire.frame()[1])["type"] == "pong"


def test_a_client_that_says_goodbye_is_answered(wire: Wire) -> None:
    wire.send(bad_close(1000, b"enough"))

    assert wire.closed() == 1000


def test_a_close_without_a_code_is_answered_in_kind(wire: Wire) -> None:
    wire.send(masked(CLOSE))

    assert wire.closed() is None


@pytest.mark.bad_input("B127")
@pytest.mark.parametrize(
    "said",
    [
        "this is not JSON",
        "",
        "[]",
        "null",
        "{}",
        '{"type": 1}',
        '{"type": "subscribe", "simulation": "6d773248-70eb-4a49-8ede-2590b18b68f3"}',
        '{"type": "ping"',
        "[" * 10_000,
        '{"type": "' + "x" * 60_000 + '"}',
    ],
)
def test_what_is_not_understood_is_said_and_the_stream_goes_on(client: Client, said: str) -> None:
    with Live(client.address) as live:
        answer = live.say(said)
        assert set(answer) == {"type", "title", "detail"}
        assert answer["type"] == "error"
        assert len(answer["detail"]) < 200

        assert live.say({"type": "ping"})["type"] == "pong"


@pytest.mark.bad_input("B127")
def test_too_many_messages_end_it(client: Client) -> None:
    with Live(client.address) as live:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(1000):
                live.socket.send('{"type": "subscribe"}')

        assert live.closed() == (1008, "too many messages")


@pytest.mark.bad_input("B127")
def test_a_message_of_one_byte_too_many_ends_it(client: Client) -> None:
    with Live(client.address) as live:
        assert live.say(" " * (64 * 1024 - 16) + '{"type": "ping"}')["type"] == "pong"
        live.socket.send("x" * (64 * 1024 + 1))

        assert live.closed()[0] == 1009
