"""The SMTP door as a whole: where it may stand, whom it lets in, how it opens and closes."""

from __future__ import annotations

import os
import smtplib
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from prodiguer.config import SmtpSettings
from prodiguer.errors import ConfigurationError, Unavailable
from prodiguer.ingest.inbox import Inbox
from prodiguer.ingest.smtp import SmtpDoor
from prodiguer.ingest.smtp.passwords import Passwords, password_line
from support.ingest import (
    RECIPIENT,
    SENDER,
    Child,
    Client,
    batch,
    leftovers,
    opened,
    send,
    stored,
    wait_for,
)

#: All addresses of this machine.
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the door must refuse


def test_a_mail_of_the_library_of_python_is_stored_with_its_envelope(inbox: Inbox) -> None:
    with opened(inbox) as door:
        send(door.address, b"Subject: x\r\n\r\n.dot\r\nend\r\n")

    with inbox.read(inbox.pending()[0]) as letter:
        assert letter.body.read() == b"Subject: x\r\n\r\n.dot\r\nend\r\n"
        assert letter.arrival.sender == SENDER
        assert letter.arrival.recipients == (RECIPIENT,)
        assert letter.arrival.peer == "127.0.0.1"
        assert letter.arrival.announced == letter.size == 25


def test_mails_of_many_connections_at_once_are_all_stored(inbox: Inbox) -> None:
    def run(number: int) -> None:
        with smtplib.SMTP(*door.address) as session:
            for one in range(20):
                session.sendmail(SENDER, [RECIPIENT], b"%d %d" % (number, one))

    with opened(inbox) as door:
        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert door.statistics.as_dict() == {
            "connections": 8,
            "turned_away": 0,
            "mails": 160,
            "bytes": sum(map(len, stored(inbox))),
            "refusals": {},
        }

    expected = {b"%d %d\r\n" % (number, one) for number in range(8) for one in range(20)}
    assert set(stored(inbox)) == expected


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"host": EVERYWHERE}, "allowed_recipients"),
        ({"host": ""}, "starttls"),
        ({"host": "::"}, "relay"),
        ({"host": EVERYWHERE, "auth": "/x"}, "passwords"),
        ({"host": "no-such-host.invalid"}, "has no address"),
        ({"tls": "yes"}, "starttls"),
        ({"tls": "starttls", "tls_certificate": "/nowhere"}, "tls_certificate"),
        ({"auth": "/nowhere"}, "auth"),
        ({"port": 70_000}, "another"),
    ],
)
def test_settings_that_would_expose_the_door_are_refused_with_the_remedy(
    inbox: Inbox, settings: dict[str, Any], remedy: str
) -> None:
    door = SmtpDoor(SmtpSettings(**{"port": 0, **settings}), inbox)

    with pytest.raises(ConfigurationError, match=remedy):
        door.start()
    with pytest.raises(Unavailable):
        door.check()


def test_a_list_of_recipients_opens_the_door_to_a_network(inbox: Inbox) -> None:
    with opened(inbox, host=EVERYWHERE, allowed_recipients=("@platform.example",)) as door:
        send(("127.0.0.1", door.address[1]), b"text")

    assert inbox.count() == 1


def test_a_port_that_is_taken_is_said_so(inbox: Inbox) -> None:
    with opened(inbox) as first:
        second = SmtpDoor(SmtpSettings(port=first.address[1]), inbox)

        with pytest.raises(ConfigurationError, match=r"cannot listen on 127\.0\.0\.1:\d+"):
            second.start()


def test_who_may_send_is_asked(inbox: Inbox) -> None:
    with (
        opened(inbox, allowed_senders=("@centre.example",)) as door,
        Client(door.address) as client,
    ):
        client.greet()
        codes = client.codes(
            b"MAIL FROM:<a@elsewhere.example>",
            b"MAIL FROM:<>",
            b"MAIL FROM:<jobs@CENTRE.example>",
        )

    assert codes == ["550", "550", "250"]


@pytest.mark.parametrize(
    "line", ["tgcc", "tgcc:plain", "TGCC:scrypt$2$8$1$00$00", "t:scrypt$3$8$1$00$00"]
)
def test_a_bad_line_of_the_password_file_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "passwords"
    path.write_text(f"# who\n{line}\n")
    path.chmod(0o600)

    with pytest.raises(ConfigurationError, match="line 2"):
        Passwords(path)


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    path.write_text(password_line("tgcc", "secret") + "\n")
    path.chmod(0o644)

    with pytest.raises(ConfigurationError, match="chmod 600"):
        Passwords(path)


def test_a_door_that_stops_says_goodbye_and_lets_a_mail_come_in(inbox: Inbox) -> None:
    with opened(inbox) as door, Client(door.address) as idle, Client(door.address) as busy:
        idle.greet()
        busy.greet().envelope().write(b"half ")
        stopping = threading.Thread(target=door.stop)
        stopping.start()
        assert idle.reply()[:3] == "421"
        busy.write(b"and half\r\n.\r\n")
        assert busy.reply()[:3] == "250"
        assert busy.closed
        stopping.join()
        with pytest.raises(ConnectionRefusedError):
            Client(door.address)

    assert stored(inbox) == [b"half and half\r\n"]


def test_a_door_without_room_answers_452_and_takes_mails_again_when_there_is(
    tmp_path: Path,
) -> None:
    disk = os.statvfs(tmp_path)
    inbox = Inbox(tmp_path / "inbox", floor=disk.f_blocks * disk.f_frsize)
    with opened(inbox) as door, Client(door.address) as client:
        client.greet()
        assert client.ask(b"MAIL FROM:<a@b.c>")[:3] == "452"
        inbox._floor = 0
        client.envelope().write(b"text\r\n.\r\n")
        assert client.reply()[:3] == "250"


def test_a_disk_that_gets_full_while_a_mail_comes_is_452(tmp_path: Path) -> None:
    with (
        Child(tmp_path, "door", fault="inbox.written:full") as child,
        Client(child.address) as client,
    ):
        client.greet().envelope().write(b"first\r\n.\r\n")
        assert client.reply()[:3] == "452"
        client.envelope().write(b"second\r\n.\r\n")
        assert client.reply()[:3] == "250"

    inbox = Inbox(tmp_path / "inbox")
    assert stored(inbox) == [b"second\r\n"]
    assert leftovers(inbox) == []


@pytest.mark.parametrize("point", ["inbox.synced", "inbox.renamed"])
def test_a_sync_that_fails_closes_the_door_until_it_is_started_again(
    tmp_path: Path, point: str
) -> None:
    with Child(tmp_path, "door", fault=f"{point}:raise") as child:
        with Client(child.address) as client:
            client.greet().envelope().write(b"first\r\n.\r\n")
            assert client.reply()[:3] == "451"
            assert client.ask(b"MAIL FROM:<a@b.c>")[:3] == "451"
        with Client(child.address) as client:
            assert client.greet().ask(b"MAIL FROM:<a@b.c>")[:3] == "451"
    with Child(tmp_path, "door") as child:
        send(child.address, b"again")

    assert stored(Inbox(tmp_path / "inbox"))[-1] == b"again\r\n"


def test_a_client_that_leaves_after_the_final_dot_does_not_undo_its_mail(tmp_path: Path) -> None:
    with Child(tmp_path, "door", fault="inbox.written:delay") as child:
        with Client(child.address) as client:
            client.greet().envelope().write(b"text\r\n.\r\n")
            wait_for(lambda: _ended(tmp_path), "the whole mail in its file")
        inbox = Inbox(tmp_path / "inbox")
        wait_for(inbox.count, "the mail")
        assert stored(inbox) == [b"text\r\n"]


def _ended(data: Path) -> bool:
    """Whether the record that ends a file was written: the dot has been seen."""
    files = list((data / "inbox" / "tmp").iterdir())
    return any(b"\nEND " in path.read_bytes() for path in files)


def test_an_error_that_nobody_expects_is_451_and_shows_nothing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("password=secret")

    monkeypatch.setattr(inbox, "begin", fail)
    with opened(inbox) as door, Client(door.address) as client:
        client.greet()
        assert client.codes(b"MAIL FROM:<a@b.c>", b"RCPT TO:<d@e.f>") == ["250", "250"]

        assert client.ask(b"DATA") == "451 4.3.0 Not now, try again later"
        assert client.ask(b"NOOP")[:3] == "250"
    assert "password=secret" in caplog.text


def test_a_mail_cut_at_any_place_leaves_nothing_and_sent_again_is_stored_once(
    inbox: Inbox,
) -> None:
    _, content = batch(40)
    wire = content + b".\r\n"
    with opened(inbox) as door:
        for cut in range(0, len(wire), 1000):
            with Client(door.address) as client:
                client.greet().envelope().write(wire[:cut])
                client.socket.shutdown(socket.SHUT_RDWR)
        assert inbox.count() == 0
        send(door.address, content)

    assert stored(inbox) == [content]
    assert leftovers(inbox) == []
