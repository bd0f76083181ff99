"""Hostile mails through the door and the pump: exact answers, and the neighbours are alive."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodiguer.ingest.smtp import SmtpDoor
from support.ingest import (
    Client,
    Works,
    batch,
    line,
    mail,
    message,
    opened,
    send,
    uids_of,
    wait_for,
    working,
)

TEXT = b"Content-Type: text/plain\r\nDate: Mon, 05 Mar 2018 08:00:05 +0100\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="B"\r\nDate: Mon, 05 Mar 2018 08:00:05 +0100\r\n'


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    with working(tmp_path) as works:
        yield works


@pytest.fixture
def door(works: Works) -> Iterator[SmtpDoor]:
    with opened(works.inbox) as door, works.pumping():
        yield door


def settled(works: Works) -> None:
    wait_for(lambda: works.inbox.count() == 0, "an empty inbox")


def reasons(works: Works) -> list[str]:
    return [letter["reason"] for letter in works.dead()]


@pytest.mark.bad_input("B018")
@pytest.mark.parametrize("content", [b"", b"\r\n", b"Subject: nothing\r\n\r\n\r\n\r\n"])
def test_a_mail_of_nothing_is_one_dead_letter(works: Works, door: SmtpDoor, content: bytes) -> None:
    send(door.address, content)
    settled(works)

    assert reasons(works) == ["empty"]
    assert works.uids() == []


@pytest.mark.bad_input("B021")
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"\x00\x01\x02", "not-base64"),
        ("élève".encode("latin-1"), "not-base64"),
        (base64.b64encode(b'{"msgCode": "1100", "x": "\xff"}'), "encoding"),
        (base64.b64encode('{"msgCode": "1100"}'.encode("utf-16")), "encoding"),
        (base64.b64encode(b'{"msgCode": "1100", "x": "\\u0000"}'), "nul"),
    ],
)
def test_bytes_that_are_no_text_make_one_dead_letter_each(
    works: Works, door: SmtpDoor, bad: bytes, reason: str
) -> None:
    good = [message(), message()]
    send(door.address, mail(line(good[0]), bad, line(good[1])))
    settled(works)

    assert works.uids() == uids_of(good)
    [letter] = works.dead()
    assert letter["reason"].partition(":")[0] == reason
    assert letter["position"] == 2


@pytest.mark.bad_input("B021")
@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\n\r\n"])
def test_bare_line_feeds_are_line_ends_too(works: Works, door: SmtpDoor, newline: bytes) -> None:
    good = [message(), message()]
    content = TEXT + b"\r\n" + newline.join(map(line, good)) + newline
    with Client(door.address) as client:  # smtplib would make CRLF of every LF
        client.greet().envelope().write(content + b"\r\n.\r\n")
        assert client.reply()[:3] == "250"
    settled(works)

    assert works.uids() == uids_of(good)
    assert works.dead() == []


def _nested(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return head + b"Content-Type: text/plain\r\n\r\nx\r\n"


HOSTILE = [
    pytest.param("B025", b"\r\nno headers at all\r\n", "not-a-batch", id="no headers"),
    pytest.param("B025", b"X: y\r\n" * 100_000 + b"\r\nx\r\n", "mime-limit", id="100,000 headers"),
    pytest.param("B025", b"X: " + b"y" * 1_000_000 + b"\r\n\r\nx", "mime-limit", id="1 MB header"),
    pytest.param(
        "B025", TEXT + b"Message-ID: <<>>\r\nTo: " + b"(" * 5000 + b"\r\n\r\nx\r\n", "not-a-batch",
        id="brackets",
    ),
    pytest.param("B026", _nested(1000), "mime-limit", id="nested 1,000 times"),
    pytest.param(
        "B026", MIXED + b"\r\n" + b"--B\r\n\r\n" * 100_000 + b"--B--\r\n", "mime-limit",
        id="100,000 parts",
    ),
    pytest.param(
        "B029",
        b"Content-Type: text/html\r\n\r\n<html><body>I am on holiday</body></html>\r\n",
        "not-a-batch", id="HTML",
    ),
    pytest.param(
        "B029",
        b"Content-Type: text/plain\r\nAuto-Submitted: auto-replied\r\n\r\nI am on holiday.\r\n",
        "not-a-batch", id="a robot's answer",
    ),
]  # fmt: skip


@pytest.mark.bad_input("B025")
@pytest.mark.bad_input("B026")
@pytest.mark.bad_input("B029")
@pytest.mark.parametrize(("row", "content", "reason"), HOSTILE)
def test_a_hostile_mail_is_one_dead_letter_and_its_neighbours_are_read(
    works: Works, door: SmtpDoor, row: str, content: bytes, reason: str
) -> None:
    first, before = batch(3)
    last, after = batch(3)
    for one in (before, content, after):
        send(door.address, one)
    settled(works)

    assert sorted(works.uids()) == sorted(first + last)
    [letter] = works.dead()
    assert letter["reason"].partition(":")[0] == reason
    assert len(works.mails()) == 3


@pytest.mark.bad_input("B027")
def test_lines_of_odd_base64_die_alone(works: Works, door: SmtpDoor) -> None:
    spaced, unpadded, good = message(), message(), message()
    text = line(unpadded).rstrip(b"=")
    send(
        door.address,
        mail(
            b" ".join(line(spaced)[at : at + 8] for at in range(0, len(line(spaced)), 8)),
            text,
            b"=" + line(message()),
            line(message())[:40] + b"!" + line(message())[40:],
            line(good),
        ),
    )
    settled(works)

    assert works.uids() == uids_of([spaced, unpadded, good])
    assert [(dead["position"], dead["reason"].partition(":")[0]) for dead in works.dead()] == [
        (3, "not-base64"),
        (4, "not-base64"),
    ]


@pytest.mark.bad_input("B028")
def test_soft_breaks_inside_the_base64_are_no_harm(works: Works, door: SmtpDoor) -> None:
    good = [message(), message()]
    lines = b"".join(
        b"=\r\n".join(text[at : at + 70].replace(b"=", b"=3D") for at in range(0, len(text), 70))
        + b"\r\n"
        for text in map(line, good)
    )
    head = TEXT + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    send(door.address, head + lines + b"=G1 not quoted-printable=\r\n")
    settled(works)

    assert works.uids() == uids_of(good)
    assert [dead["position"] for dead in works.dead()] == [3]


@pytest.mark.bad_input("B030")
def test_a_footer_of_a_relay_is_dead_and_the_messages_act(works: Works, door: SmtpDoor) -> None:
    good = [message(), message()]
    send(door.address, mail(*map(line, good), b"--", b"This mail is confidential.", b"", b"# x"))
    settled(works)

    assert works.uids() == uids_of(good)
    assert {reason.partition(":")[0] for reason in reasons(works)} == {"not-base64"}
    assert [dead["position"] for dead in works.dead()] == [3, 4]


@pytest.mark.bad_input("B031")
@pytest.mark.parametrize("name", [b"../../x", b"CON", b"x" * 5000, b"a.exe", b"bomb.zip"])
def test_a_strange_attachment_is_one_dead_letter_and_no_file(
    works: Works, door: SmtpDoor, name: bytes
) -> None:
    good = message()
    content = (
        MIXED + b"\r\n--B\r\n" + TEXT + b"\r\n" + line(good) + b"\r\n--B\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="' + name + b'"\r\n\r\n'
        b"UEsDBAoAAAAA\r\n--B--\r\n"
    )
    send(door.address, content)
    settled(works)

    assert works.uids() == uids_of([good])
    [letter] = works.dead()
    assert letter["reason"].partition(":")[0] == "orphan-attachment"
    stored = works.store.dead_letters.get(letter["id"])
    assert stored is not None
    assert (stored.form, stored.bytes) == ("part", base64.b64decode(b"UEsDBAoAAAAA"))


@pytest.mark.bad_input("B032")
def test_200001_lines_are_too_many(works: Works, door: SmtpDoor) -> None:
    send(door.address, mail(*[b"e30="] * 200_001))
    settled(works)

    assert reasons(works) == ["mime-limit: lines"]


@pytest.mark.bad_input("B032")
def test_one_message_is_a_batch(works: Works, door: SmtpDoor) -> None:
    sent, content = batch(1)
    send(door.address, content)
    settled(works)

    assert works.uids() == sent


@pytest.mark.bad_input("B033")
@pytest.mark.parametrize("place", [0, 1])
def test_a_batch_header_is_one_message_that_hinders_no_other(
    works: Works, door: SmtpDoor, place: int
) -> None:
    header = message("-9000", key="k1", batch="b1", count="2", signature="forged")
    good = [message(), message()]
    sent = [*good[:place], header, *good[place:]]
    send(door.address, mail(*map(line, sent)))
    settled(works)

    assert works.uids() == uids_of(sent)
    assert works.dead() == []


@pytest.mark.bad_input("B034")
def test_the_same_messages_in_another_batch_are_published_with_the_same_digest(
    works: Works, door: SmtpDoor
) -> None:
    good = message()
    send(door.address, mail(line(good)))
    send(door.address, mail(b"# another batch", line(good)))
    settled(works)

    first, second = works.published()
    assert first.properties.message_id == second.properties.message_id == good["msgUID"]
    assert first.properties.headers["digest"] == second.properties.headers["digest"]
    assert len(works.mails()) == 2


@pytest.mark.bad_input("B034")
def test_the_same_id_with_other_content_is_published_with_another_digest(
    works: Works, door: SmtpDoor
) -> None:
    good = message()
    send(door.address, mail(line(good), line({**good, "command": "other"})))
    settled(works)

    first, second = works.published()
    assert first.properties.message_id == second.properties.message_id
    assert first.properties.headers["digest"] != second.properties.headers["digest"]


@pytest.mark.bad_input("B035")
@pytest.mark.parametrize(
    "subject",
    [
        b"x =?utf-8?b?DQpCY2M6IHZpY3RpbUB4Lnk=?=",
        b"\x1b]0;owned\x07",
        b"x" * 60_000,
        "abc\u202edcba".encode(),
        b"\x00",
    ],
)
def test_a_strange_subject_changes_nothing(works: Works, door: SmtpDoor, subject: bytes) -> None:
    sent, content = batch(2)
    send(door.address, b"Subject: " + subject + b"\r\n" + content)
    settled(works)

    assert works.uids() == sent
    [record] = works.mails()
    assert record["sender"] == "jobs@centre.example"


@pytest.mark.bad_input("B036")
@pytest.mark.bad_input("B037")
def test_messages_for_runs_of_others_are_published_under_the_account_of_the_door(
    works: Works, door: SmtpDoor
) -> None:
    sent = [message("8888"), message(simuid="11111111-1111-4111-8111-111111111111")]
    send(door.address, mail(*map(line, sent)))
    settled(works)

    assert [delivery.routing_key for delivery in works.published()] == [
        "prod.smtp.libigcm.monitoring.8888",
        "prod.smtp.libigcm.monitoring.1100",
    ]


@pytest.mark.bad_input("B038")
@pytest.mark.parametrize(
    ("date", "flag"),
    [
        ("Thu, 01 Jan 1970 00:00:00 +0000", "timestamp-missing"),
        ("Thu, 01 Jan 2099 00:00:00 +0000", "timestamp-missing,timestamp-future"),
        (None, "timestamp-missing"),
        ("garbage", "timestamp-missing"),
    ],
)
def test_a_mail_of_another_age_is_taken_and_flagged(
    works: Works, door: SmtpDoor, date: str | None, flag: str
) -> None:
    good = message()
    del good["msgTimestamp"]
    send(door.address, mail(line(good), date=date))
    settled(works)

    [delivery] = works.published()
    assert delivery.properties.headers["flags"] == flag
