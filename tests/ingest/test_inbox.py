"""The inbox: a mail is whole and durable in it, or it is not in it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prodiguer.ingest.inbox import Arrival, Inbox, InboxFull, Torn
from support.ingest import leftovers

ARRIVAL = Arrival(
    began_at=datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC),
    door="smtp",
    sender="jobs@centre.example",
    recipients=("a@b.c", "d\u00e9@f.g"),
    peer="192.0.2.1",
    principal="tgcc",
    announced=10,
)


def put(inbox: Inbox, *pieces: bytes) -> str:
    incoming = inbox.begin(ARRIVAL)
    for piece in pieces:
        incoming.write(piece)
    return inbox.store(incoming)


def test_a_mail_is_read_as_it_was_written(inbox: Inbox) -> None:
    before = datetime.now(UTC)
    name = put(inbox, b"one\r\n", b"", b"END of it\n\x00\xff")

    with inbox.read(name) as letter:
        assert letter.arrival == ARRIVAL
        assert letter.size == 17
        assert before <= letter.received_at <= datetime.now(UTC)
        assert letter.body.read() == b"one\r\nEND of it\n\x00\xff"
        letter.body.seek(4)
        assert letter.body.readline() == b"\n"


def test_nothing_is_shown_before_it_is_stored(inbox: Inbox) -> None:
    incoming = inbox.begin(ARRIVAL)
    incoming.write(b"half")

    assert (inbox.pending(), inbox.count()) == ([], 0)
    incoming.discard()
    assert leftovers(inbox) == []


def test_mails_are_listed_in_the_order_of_their_arrival(inbox: Inbox) -> None:
    names = [put(inbox, b"%d" % number) for number in range(20)]

    assert inbox.pending() == names
    assert inbox.count() == 20
    inbox.remove(names[0])
    inbox.remove(names[0])
    assert inbox.pending() == names[1:]


def test_a_new_inbox_on_the_same_directory_has_the_same_mails(inbox: Inbox) -> None:
    name = put(inbox, b"kept")

    assert Inbox(inbox.directory).pending() == [name]


def test_nobody_else_may_read_it(inbox: Inbox) -> None:
    assert inbox.directory.stat().st_mode & 0o077 == 0
    assert (inbox.directory / "new").stat().st_mode & 0o077 == 0


def test_a_file_that_was_cut_anywhere_is_torn(inbox: Inbox) -> None:
    name = put(inbox, b"some text\r\n")
    whole = (inbox.directory / "new" / name).read_bytes()

    for length in range(len(whole)):
        (inbox.directory / "new" / name).write_bytes(whole[:length])
        with pytest.raises(Torn):
            inbox.read(name)


def test_a_file_with_another_byte_is_torn(inbox: Inbox) -> None:
    name = put(inbox, b"some text\r\n")
    path = inbox.directory / "new" / name
    path.write_bytes(path.read_bytes().replace(b"some", b"sane"))

    with pytest.raises(Torn, match="checksum"):
        inbox.read(name)


@pytest.mark.parametrize(
    "header", [b"\n", b"{}\n", b"[]\n", b"[" * 100_000 + b"\n", b'{"received_at": 1}\n', b"\xff\n"]
)
def test_a_header_that_makes_no_sense_is_torn(inbox: Inbox, header: bytes) -> None:
    name = put(inbox, b"some text\r\n")
    path = inbox.directory / "new" / name
    path.write_bytes(header + path.read_bytes().partition(b"\n")[2])

    with pytest.raises(Torn, match="header"):
        inbox.read(name)


@pytest.mark.bad_input("B143")
def test_foreign_things_are_put_aside_and_never_followed(inbox: Inbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    new = inbox.directory / "new"
    good = put(inbox, b"good")
    (new / "notes.txt").write_text("foreign")
    (new / "folder").mkdir()
    (new / "folder" / "deep").write_text("foreign")
    (new / "link").symlink_to(secret)
    (new / f"{1:020d}-{1:010d}-{1:08d}.mail").symlink_to(secret)
    (new / ".nfs0001").write_text("left to the file system")
    os.mkfifo(new / f"{2:020d}-{1:010d}-{1:08d}.mail")

    assert inbox.pending() == [good]
    aside = {path.name[21:] for path in (inbox.directory / "bad").iterdir()}
    assert {"notes.txt", "folder"} < aside
    assert len(aside) == 5, aside
    assert secret.read_text() == "secret"
    assert [path.name for path in new.iterdir()] in (
        [good, ".nfs0001"],
        [".nfs0001", good],
    )


@pytest.mark.bad_input("B143")
def test_a_mail_that_became_a_link_or_a_pipe_is_not_opened(inbox: Inbox, tmp_path: Path) -> None:
    name = put(inbox, b"good")
    path = inbox.directory / "new" / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Torn, match="opened"):
        inbox.read(name)

    path.unlink()
    os.mkfifo(path)
    with pytest.raises(Torn, match="regular"):
        inbox.read(name)
    inbox.put_aside(name, "a pipe")
    assert inbox.pending() == []


def test_what_dead_writers_left_is_removed_and_what_living_ones_write_is_not(
    inbox: Inbox, tmp_path: Path
) -> None:
    alive = inbox.begin(ARRIVAL)
    script = (
        "import os, sys; from pathlib import Path; from datetime import *\n"
        "from prodiguer.ingest.inbox import Inbox; from prodiguer.ingest.inbox import Arrival\n"
        "a = Arrival(began_at=datetime.now(UTC), door='', sender='', recipients=(), peer='')\n"
        "inbox = Inbox(Path(sys.argv[1])); inbox.begin(a).write(b'x'); os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", script, inbox.directory], check=False)
    assert len(leftovers(inbox)) == 2

    assert Inbox(inbox.directory).recover() == 1

    assert leftovers(inbox) == [alive.path.name]
    alive.discard()


def test_mails_are_refused_before_the_disk_is_full(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    inbox = Inbox(tmp_path / "inbox", floor=disk.f_blocks * disk.f_frsize)

    with pytest.raises(InboxFull, match="free"):
        inbox.begin(ARRIVAL)
    assert leftovers(inbox) == []


def test_the_announced_size_must_fit_above_the_floor(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    free = disk.f_bavail * disk.f_frsize
    inbox = Inbox(tmp_path / "inbox", floor=free // 2)

    inbox.check_room(0)
    with pytest.raises(InboxFull):
        inbox.check_room(free)


def test_who_waits_is_told_of_a_mail(inbox: Inbox) -> None:
    put(inbox, b"news")
    inbox.wait(3600)
    inbox.wake()
    inbox.wait(3600)

    assert inbox.count() == 1
