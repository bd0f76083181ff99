"""Texts of mails and connections that are wrong: what is stored, byte for byte, and what is not."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from prodiguer.ingest.inbox import Inbox
from prodiguer.ingest.smtp import SmtpDoor
from support.ingest import (
    RECIPIENT,
    SENDER,
    Child,
    Client,
    flooded,
    leftovers,
    mail,
    opened,
    send,
    stored,
    wait_for,
)

MIB = 1024 * 1024
FROM = f"MAIL FROM:<{SENDER}>".encode()
TO = f"RCPT TO:<{RECIPIENT}>".encode()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


@pytest.fixture
def door(inbox: Inbox) -> Iterator[SmtpDoor]:
    with opened(inbox) as door:
        yield door


@pytest.mark.bad_input("B015")
@pytest.mark.parametrize(
    "end",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n\x00.\r\n", b"\r\n.\x00\r\n"],
)
def test_only_crlf_dot_crlf_ends_a_mail(door: SmtpDoor, inbox: Inbox, end: bytes) -> None:
    smuggled = FROM + b"\r\n" + TO + b"\r\nDATA\r\nsecond"
    with Client(door.address) as client:
        client.greet().envelope().write(b"first" + end + smuggled + b"\r\n.\r\n")

        assert client.reply()[:3] == "250"
        assert client.ask(b"NOOP")[:3] == "250"

    [content] = stored(inbox)
    # One dot at the beginning of a line (behind CRLF) is the sender's own doubling.
    assert content == b"first" + end.replace(b"\r\n.", b"\r\n") + smuggled + b"\r\n"


@pytest.mark.bad_input("B016")
def test_200_megabytes_without_a_line_end_cost_no_memory(tmp_path: Path) -> None:
    with Child(tmp_path, "door", limit=8 * MIB) as child, Client(child.address) as client:
        client.greet().envelope()
        before = child.resident()

        sent = flooded(client, b"x" * 65_536, 200 * MIB)

        # What is on its way in the kernel's buffers is the rest.
        assert sent < 8 * MIB + 64 * 1024 + 24 * MIB
        assert client.closed
        assert child.peak() - before < 32 * MIB
        assert Inbox(tmp_path / "inbox").count() == 0


@pytest.mark.bad_input("B016")
def test_90_megabytes_in_one_line_are_a_mail_and_cost_no_memory(tmp_path: Path) -> None:
    with Child(tmp_path, "door") as child, Client(child.address) as client:
        client.greet().envelope()
        before = child.resident()
        for _ in range(90):
            client.write(b"x" * MIB)
        client.write(b"\r\n.\r\n")

        assert client.reply()[:3] == "250"
        assert child.peak() - before < 32 * MIB
        [name] = Inbox(tmp_path / "inbox").pending()
        assert Inbox(tmp_path / "inbox").size(name) > 90 * MIB


@pytest.mark.bad_input("B017")
@pytest.mark.parametrize("stage", ["greeting", "command", "data"])
def test_a_silent_peer_is_cut(inbox: Inbox, stage: str) -> None:
    with opened(inbox, idle_timeout=1) as door, Client(door.address) as client:
        if stage == "greeting":
            client.reply()
        else:
            client.greet()
        if stage == "data":
            client.envelope()
        else:
            client.write(b"NO")
        client.write(b"O")

        assert client.reply()[:3] == "421"
        assert client.closed
        wait_for(lambda: not leftovers(inbox), "no leftover")
    assert inbox.count() == 0


@pytest.mark.bad_input("B017")
@pytest.mark.parametrize("stage", ["command", "data"])
def test_a_dripping_peer_is_cut(inbox: Inbox, stage: str) -> None:
    with opened(inbox, idle_timeout=1, total_timeout=2) as door, Client(door.address) as client:
        client.greet()
        if stage == "data":
            client.envelope()

        assert flooded(client, b"x", 300, pause=0.1) < 300

    assert inbox.count() == 0
    assert leftovers(inbox) == []


@pytest.mark.bad_input("B018")
@pytest.mark.parametrize(
    ("size", "code"), [(1_000_000, "250"), (1_000_001, "552"), (1_060_000, "552")]
)
def test_a_mail_of_the_limit_is_taken_and_one_byte_more_is_552(
    inbox: Inbox, size: int, code: str
) -> None:
    with opened(inbox, max_size=1_000_000) as door, Client(door.address) as client:
        client.greet().envelope().write(b"x" * (size - 2) + b"\r\n.\r\n")

        assert client.reply()[:3] == code
        assert client.ask(b"NOOP")[:3] == "250"
    assert [len(content) for content in stored(inbox)] == [size] * (code == "250")


@pytest.mark.bad_input("B018")
@pytest.mark.parametrize("text", [b".\r\n", b"\r\n.\r\n"])
def test_a_mail_of_nothing_is_taken(door: SmtpDoor, inbox: Inbox, text: bytes) -> None:
    with Client(door.address) as client:
        client.greet().envelope().write(text)

        assert client.reply()[:3] == "250"
    assert stored(inbox) == [text[:-3]]


@pytest.mark.bad_input("B019")
@pytest.mark.parametrize("length", [998, 999, 3000, 65_536, 65_537, 5_000_000])
def test_lines_of_any_length_are_taken(door: SmtpDoor, inbox: Inbox, length: int) -> None:
    line = b"x" * length
    with Client(door.address) as client:
        client.greet().envelope().write(b"Subject: x\r\n\r\n" + line + b"\r\n.\r\n")

        assert client.reply()[:3] == "250"
    assert stored(inbox) == [b"Subject: x\r\n\r\n" + line + b"\r\n"]


@pytest.mark.bad_input("B020")
@pytest.mark.parametrize("pieces", [1, 2, 3, 5, 1000])
def test_dots_are_unstuffed_exactly(door: SmtpDoor, inbox: Inbox, pieces: int) -> None:
    wire = b"..\r\n...\r\n..a\r\na..\r\n.b\r\n\r\n..\r\n\r.\r\r\n..\r\n.\r\n"
    with Client(door.address) as client:
        client.greet().envelope()
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        step = -(-len(wire) // pieces)
        for at in range(0, len(wire), step):
            client.write(wire[at : at + step])
            time.sleep(0.002)  # so that the pieces arrive one by one; the answer is the same

        assert client.reply()[:3] == "250"
    assert stored(inbox) == [b".\r\n..\r\n.a\r\na..\r\nb\r\n\r\n.\r\n\r.\r\r\n.\r\n"]


@pytest.mark.bad_input("B021")
@pytest.mark.parametrize(
    "body",
    [
        b"a\x00b",
        "élève".encode("latin-1"),
        "text".encode("utf-16"),
        b"\xef\xbb\xbftext",
        b"one\rtwo\rthree",
        bytes(range(256)).replace(b"\r", b"").replace(b"\n", b""),
    ],
)
def test_any_bytes_are_stored_as_they_are(door: SmtpDoor, inbox: Inbox, body: bytes) -> None:
    with Client(door.address) as client:
        client.greet().envelope().write(body + b"\r\n.\r\n")

        assert client.reply()[:3] == "250"
    assert stored(inbox) == [body + b"\r\n"]


@pytest.mark.bad_input("B022")
@pytest.mark.parametrize("shut", ["close", "reset", "half"])
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"EHLO node1\r\n",
        b"EHLO node1\r\n" + FROM + b"\r\n",
        b"EHLO node1\r\n" + FROM + b"\r\n" + TO + b"\r\n",
        b"EHLO node1\r\n" + FROM + b"\r\n" + TO + b"\r\nDATA\r\n",
        b"EHLO node1\r\n" + FROM + b"\r\n" + TO + b"\r\nDATA\r\nSubject: x\r\n\r\nline\r\n",
        b"EHLO node1\r\n" + FROM + b"\r\n" + TO + b"\r\nDATA\r\nline\r\n.\r",
    ],
)
def test_a_line_that_drops_leaves_nothing(
    door: SmtpDoor, inbox: Inbox, said: bytes, shut: str
) -> None:
    with Client(door.address) as client:
        client.write(said)
        if said:
            client.reply()
        if shut == "half":
            client.socket.shutdown(socket.SHUT_WR)
            assert client.closed
        elif shut == "reset":
            client.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            )
    send(door.address, b"honest\r\n")

    wait_for(lambda: not leftovers(inbox), "no leftover")
    assert stored(inbox) == [b"honest\r\n"]


@pytest.mark.bad_input("B023")
def test_commands_in_the_text_are_text(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet().envelope().write(b"QUIT\r\nRSET\r\nDATA\r\n.\r\n")

        assert client.reply()[:3] == "250"
        assert client.ask(b"QUIT")[:3] == "221"
    assert stored(inbox) == [b"QUIT\r\nRSET\r\nDATA\r\n"]


@pytest.mark.bad_input("B024")
def test_900_connections_from_one_address_leave_room_for_another(inbox: Inbox) -> None:
    with opened(inbox, max_sessions=50) as door, ExitStack() as stack:
        clients = [stack.enter_context(Client(door.address)) for _ in range(900)]

        replies = [client.reply()[:3] for client in clients]

        assert (replies.count("220"), replies.count("421")) == (40, 860)
        with Client(door.address, source="127.0.0.2") as other:
            other.greet().envelope().write(b"text\r\n.\r\n")
            assert other.reply()[:3] == "250"
        assert door.statistics.turned_away == 860
    assert inbox.count() == 1


@pytest.mark.bad_input("B024")
def test_2000_connections_from_many_addresses_come_and_go(inbox: Inbox) -> None:
    with opened(inbox, max_sessions=20) as door:
        codes = set()
        for number in range(2000):
            source = f"127.0.{1 + number // 250}.{1 + number % 250}"
            with Client(door.address, source=source) as client:
                codes.add(client.reply()[:3])
                if number % 500 == 0:
                    client.ask(b"EHLO node1")

        assert codes <= {"220", "421"}
        wait_for(lambda: door.statistics.connections == 2000, "all connections")
        send(door.address, b"honest\r\n")
    assert stored(inbox) == [b"honest\r\n"]


@pytest.mark.bad_input("B017")
def test_200_dripping_connections_do_not_stop_an_honest_mail(inbox: Inbox) -> None:
    with opened(inbox) as door, ExitStack() as stack:
        clients = [stack.enter_context(Client(door.address)) for _ in range(200)]
        for client in clients:
            client.greet().envelope()
        done = threading.Event()

        def drip() -> None:
            while not done.wait(0.05):
                for client in clients:
                    client.write(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            for _ in range(20):
                send(door.address, mail(b"honest"))
        finally:
            done.set()
            dripping.join()
    assert inbox.count() == 20


def test_many_mails_of_one_connection_may_be_written_without_waiting(
    door: SmtpDoor, inbox: Inbox
) -> None:
    one = FROM + b"\r\n" + TO + b"\r\nDATA\r\nmail %d\r\n.\r\n"
    with Client(door.address) as client:
        client.greet().write(b"".join(one % number for number in range(30)))

        codes = [client.reply()[:3] for _ in range(120)]

    assert codes == ["250", "250", "354", "250"] * 30
    assert stored(inbox) == [b"mail %d\r\n" % number for number in range(30)]


def test_a_refused_mail_is_refused_by_its_code_to_the_library_of_python(inbox: Inbox) -> None:
    with opened(inbox, max_size=1000) as door, smtplib.SMTP(*door.address) as session:
        with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
            session.sendmail(SENDER, [RECIPIENT], b"x" * 2000)

        assert refusal.value.smtp_code == 552
