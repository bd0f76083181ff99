"""Mails that are hostile, broken or no batch: bounded work, bounded memory, nothing lost."""

from __future__ import annotations

import base64
import gzip
import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from prodiguer.errors import Refused
from prodiguer.wire.mail import MailFile, read_mail
from prodiguer.wire.mail.file import LINE_COUNT_LIMIT, SIZE_LIMIT
from prodiguer.wire.mail.line import LIMIT as LINE_LIMIT
from prodiguer.wire.mail.source import PIECE
from support.counting import calls, peak
from support.wire import (
    CATALOG,
    DATE,
    NOW,
    SMTP,
    UID,
    batch,
    dead,
    items,
    line,
    mail,
    messages,
    multipart,
    opened,
    part,
    said,
)


def refusal(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        items(raw)
    return caught.value.reason


def uid(number: int) -> str:
    return str(uuid.UUID(int=number + 1))


LINE = line(said())


@pytest.mark.bad_input("B025")
@pytest.mark.parametrize(
    "raw", [LINE + b"\r\n", b"\r\n" + LINE, b"\n\n" + LINE, b"From x\n\n" + LINE]
)
def test_a_mail_without_headers_is_read(raw: bytes) -> None:
    (message,) = messages(items(raw))

    assert message.uid == UID
    assert opened(raw).sender is None


HOSTILE_HEADERS = {
    "count": b"X: y\r\n" * 100_000,
    "size": b"X: " + b"y" * 1_000_000 + b"\r\n",
    "folds": b"X: y\r\n" + b" z\r\n" * 100_000,
    "one too many": b"X: y\r\n" * 201,
    "a byte too much": b"X: " + b"y" * (64 * 1024) + b"\r\n",
}


@pytest.mark.bad_input("B025")
@pytest.mark.parametrize("headers", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS)
def test_too_many_headers_are_refused_before_they_are_read(headers: bytes) -> None:
    raw = headers + b"\r\n" + LINE

    found = []

    work = calls(lambda: found.append(refusal(raw)))

    assert found == ["mime-limit: headers"]
    assert work < 200_000


STRANGE_HEADERS = {
    "twice": b"Subject: a\r\nSubject: b\r\nFrom: a@b\r\nFrom: c@d\r\nMessage-ID: <<>>\r\n",
    "brackets": b"To: " + b"(" * 20_000 + b"\r\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?x?= " * 4_500 + b"\r\n",
    "not ASCII": b"Subject: \xff\xfe\r\nFrom: \xff@\xff\r\n",
    "no date": b"Date: garbage\r\n",
    "200 headers": b"X: y\r\n" * 200,
    "spaces": b"Subject:" + b" " * 60_000 + b"\r\n",
    "commas": b"From: " + b",;<" * 20_000 + b"\r\n",
    "quotes": b'Content-Type: text/plain; x="' + b"\\" * 60_000 + b"\r\n",
}


@pytest.mark.bad_input("B025")
@pytest.mark.parametrize("headers", STRANGE_HEADERS.values(), ids=STRANGE_HEADERS)
def test_strange_headers_change_nothing(headers: bytes) -> None:
    raw = headers + b"\r\n" + LINE
    found: list[Any] = []

    work = calls(lambda: found.extend(items(raw)))

    assert [message.uid for message in messages(found)] == [UID]
    assert work < 50_000


def nest(levels: int) -> bytes:
    raw = batch(said())
    for level in range(levels):
        raw = multipart(raw, boundary=f"level{level}").split(b"\r\n", 2)[2]
    return raw


@pytest.mark.bad_input("B026")
def test_three_multiparts_in_each_other_are_read() -> None:
    assert len(messages(items(nest(3)))) == 1


@pytest.mark.bad_input("B026")
@pytest.mark.parametrize("levels", [4, 10, 100, 1000])
def test_more_are_refused(levels: int) -> None:
    assert refusal(nest(levels)) == "mime-limit: depth"


@pytest.mark.bad_input("B026")
def test_a_mail_in_a_mail_in_a_mail_is_one_attachment() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x"

    found = items(multipart(batch(said()), inner))

    assert len(messages(found)) == 1
    assert [letter.reason for letter in dead(found)] == ["orphan-attachment: part 2"]


@pytest.mark.bad_input("B026")
def test_a_thousand_parts_are_read_and_more_are_refused() -> None:
    empty = part(b"")

    assert len(messages(items(multipart(batch(said()), *[empty] * 999)))) == 1
    assert refusal(multipart(batch(said()), *[empty] * 1000)) == "mime-limit: parts"
    assert refusal(multipart(*[empty] * 100_000)) == "mime-limit: parts"


@pytest.mark.bad_input("B026")
def test_the_last_boundary_may_be_missing() -> None:
    raw = multipart(batch(said())).replace(b"--=_b--\r\n", b"")

    assert len(messages(items(raw))) == 1


@pytest.mark.bad_input("B026")
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ('multipart/mixed; boundary="%s"' % ("b" * 5000), "mime-limit: boundary"),
        ('multipart/mixed; boundary=""', "mime-limit: boundary"),
        ("multipart/mixed", "mime-limit: boundary"),
        ("multipart/mixed" + "; p=v" * 20_000, "mime-limit: headers"),
        ("multipart/mixed" + "; p=v" * 10_000, "mime-limit: boundary"),
        ("text/plain; charset=klingon", "mime-limit: charset"),
        ("text/plain; charset=idna", "mime-limit: charset"),
        ("text/plain; charset=zip", "mime-limit: charset"),
        ("text/plain; charset=utf-16", "mime-limit: charset"),
        ("text/plain\r\nContent-Transfer-Encoding: x-uuencode", "mime-limit: transfer-encoding"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(kind: str, reason: str) -> None:
    assert refusal(mail(said(), headers=f"Content-Type: {kind}\r\n")) == reason


@pytest.mark.bad_input("B026")
def test_a_boundary_that_never_comes_leaves_nothing() -> None:
    raw = mail(said(), headers="Content-Type: multipart/mixed; boundary=never\r\n")

    assert refusal(raw) == "empty"


@pytest.mark.bad_input("B026")
def test_a_boundary_that_looks_like_content_cuts_only_whole_lines() -> None:
    text = LINE[:40].decode()
    first = batch(said(), b"--" + LINE, LINE + b"--", said(msgUID=uid(7)))

    found = items(multipart(first, boundary=text))

    assert [message.uid for message in messages(found)] == [UID, uid(7)]
    assert len(dead(found)) == 2


@pytest.mark.bad_input("B026")
def test_lines_that_nearly_are_boundaries_cost_no_more_than_others() -> None:
    near = batch(said(), b"--bb\r\n" * 20_000)
    far = batch(said(), b"xxbb\r\n" * 20_000)

    def work(first: bytes) -> int:
        return calls(lambda: opened(multipart(first, boundary="b")))

    work(far)  # the first time compiles the pattern

    assert work(near) <= work(far)


@pytest.mark.bad_input("B026")
@pytest.mark.parametrize("encoding", ["", "7BIT", "7bit (as ever)", "BINARY", "8bit; x"])
def test_an_encoding_in_other_words_or_none_is_taken(encoding: str) -> None:
    header = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""

    assert len(messages(items(mail(said(), headers=header)))) == 1


RAW = base64.b64decode(LINE)


@pytest.mark.bad_input("B027")
@pytest.mark.parametrize(
    "text",
    [b" " + LINE, LINE[:50] + b" " + LINE[50:], LINE + b"\t", LINE[:9] + b"\r" + LINE[9:],
     base64.b64encode(RAW + b" " * (-len(RAW) % 3)) + b"===="],
)  # fmt: skip
def test_blanks_in_a_line_and_padding_too_much_are_taken(text: bytes) -> None:
    (message,) = messages(items(mail(text)))

    assert message.uid == UID
    assert message.flags == ()


@pytest.mark.bad_input("B027")
def test_padding_that_is_missing_is_added_and_marked() -> None:
    text = base64.b64encode(RAW + b" " * (1 - len(RAW) % 3 + 3)).rstrip(b"=")

    (message,) = messages(items(mail(text)))

    assert message.flags == ("repaired-padding",)


@pytest.mark.bad_input("B027")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LINE[:80] + b"-_" + LINE[82:], "not-base64: byte 80"),
        (LINE[:80] + b"=" + LINE[80:], "not-base64: byte 80"),
        (LINE[:80] + b"!" + LINE[80:], "not-base64: byte 80"),
        (LINE[:80] + b"\x00" + LINE[80:], "not-base64: byte 80"),
        (LINE[:81], "not-base64: byte 81"),
        (base64.b64encode(RAW + RAW), f"not-json: byte {len(RAW)}"),
        (base64.b64encode(b" "), "not-object"),
    ],
)
def test_a_broken_line_is_kept_byte_for_byte(text: bytes, reason: str) -> None:
    found = items(mail(said(), text, said(msgUID=uid(9))))

    assert len(messages(found)) == 2
    assert [(one.reason, one.bytes, one.position) for one in dead(found)] == [(reason, text, 2)]


@pytest.mark.bad_input("B027")
def test_a_message_over_two_lines_is_two_broken_lines() -> None:
    found = items(mail(LINE[:80], LINE[80:]))

    assert messages(found) == []
    assert [letter.position for letter in dead(found)] == [1, 2]
    assert b"".join(letter.bytes for letter in dead(found)) == LINE


@pytest.mark.bad_input("B027")
def test_a_line_of_ten_megabytes_is_a_dead_letter_with_all_of_its_bytes() -> None:
    long = base64.b64encode(b'{"msgCode":"0000"' + b" " * 7_500_000 + b"}")

    found = items(mail(said(), long, said(msgUID=uid(9))))

    assert len(messages(found)) == 2
    assert [(one.reason, one.bytes == long) for one in dead(found)] == [("too-large: line", True)]


@pytest.mark.bad_input("B027")
def test_a_line_of_the_greatest_message_is_read() -> None:
    frame = len(line(said("4242", data="")))
    raw = line(said("4242", data="x" * (2**20 - frame)))

    assert len(raw) < LINE_LIMIT
    assert len(messages(items(mail(raw)))) == 1


QUOTED = "Content-Transfer-Encoding: quoted-printable\r\n"
#: The same message without `=`, which quoted-printable writes in another way.
PLAIN = base64.b64encode(RAW + b" " * (-len(RAW) % 3))


@pytest.mark.bad_input("B028")
@pytest.mark.parametrize(
    "text",
    [
        PLAIN[:70] + b"=\r\n" + PLAIN[70:],
        PLAIN[:70] + b"= \t\r\n" + PLAIN[70:],
        PLAIN[:70] + b"=\n" + PLAIN[70:],
        b"=\r\n".join([PLAIN[:1], PLAIN[1:2], PLAIN[2:]]),
        b"=%02X" % PLAIN[0] + PLAIN[1:],
        b"=%02x" % PLAIN[0] + PLAIN[1:],
        PLAIN + b"=",
        PLAIN + b"\r\n# =G1",
        b"x".join([b"# " + b"y" * 100_000, b""]) + b"\r\n" + PLAIN,
    ],
)
def test_quoted_printable_is_undone_as_far_as_it_goes(text: bytes) -> None:
    found = items(mail(text, headers=QUOTED))

    assert [message.uid for message in messages(found)] == [UID]
    assert dead(found) == []


@pytest.mark.bad_input("B028")
def test_a_bad_escape_spoils_its_own_line_alone() -> None:
    found = items(mail(b"=G1" + PLAIN, PLAIN, headers=QUOTED))

    assert len(messages(found)) == 1
    assert [(one.reason, one.bytes) for one in dead(found)] == [
        ("not-base64: byte 0", b"=G1" + PLAIN)
    ]


ROBOT = b"I am out of office until Monday.\r\nFor urgent matters, call nobody.\r\n\r\nexample\r\n"
PGP = (
    b"-----BEGIN PGP MESSAGE-----\r\n\r\n" + base64.encodebytes(bytes(range(256)))
    + b"=abcd\r\n-----END PGP MESSAGE-----\r\n"
)  # fmt: skip
BOUNCE = multipart(
    part(b"This is the mail system. I'm sorry to inform you...\r\n"),
    part(b"Status: 5.1.1\r\n", headers="Content-Type: message/delivery-status\r\n"),
    part(mail(said()), headers="Content-Type: message/rfc822\r\n"),
    kind="report",
)
CALENDAR = mail(b"BEGIN:VCALENDAR", headers="Content-Type: text/calendar; method=REQUEST\r\n")
TNEF = multipart(part(b"\r\n"), part(b'x\x9f>"', name="winmail.dat"))


@pytest.mark.bad_input("B029")
@pytest.mark.parametrize(
    "raw",
    [
        mail(b"<html><body>Hello</body></html>", headers="Content-Type: text/html\r\n"),
        mail(ROBOT, headers="Auto-Submitted: auto-replied\r\n"),
        mail(PGP),
        BOUNCE,
        CALENDAR,
        TNEF,
        mail(b"Dear Sir or Madam,", b"", b"you have won 1,000,000 USD."),
        mail(b"# only a comment"),
    ],
    ids=["html", "robot", "pgp", "bounce", "calendar", "tnef", "spam", "comment"],
)
def test_what_is_no_batch_is_refused_as_a_whole(raw: bytes) -> None:
    assert refusal(raw) == "not-a-batch"


@pytest.mark.bad_input("B029")
@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n \t\r\n", mail(), mail(b"", b" ")])
def test_an_empty_mail_says_so(raw: bytes) -> None:
    assert refusal(raw) == "empty"


@pytest.mark.bad_input("B030")
@pytest.mark.parametrize(
    ("extra", "reasons"),
    [
        ([b"--", b"This message is confidential."], ["not-base64: byte 0", "not-base64: byte 28"]),
        ([b">From the list:"], ["not-base64: byte 0"]),
        ([b"_____________"], ["not-base64: byte 0"]),
    ],
)
def test_what_relays_append_is_kept_beside_the_messages(
    extra: list[bytes], reasons: list[str]
) -> None:
    found = items(mail(said(), *extra))

    assert len(messages(found)) == 1
    assert [letter.reason for letter in dead(found)] == reasons


@pytest.mark.bad_input("B030")
def test_a_signature_of_a_mail_program_is_kept_beside_the_messages() -> None:
    found = items(multipart(batch(said()), part(b"\x30\x82", name="smime.p7s"), kind="signed"))

    assert len(messages(found)) == 1
    assert [letter.reason for letter in dead(found)] == ["orphan-attachment: smime.p7s"]


@pytest.mark.bad_input("B030")
def test_a_prefix_of_a_mailing_list_changes_nothing() -> None:
    raw = mail(said()).replace(b"Subject: ", b"Subject: [prodiguer-list] Re: ")

    assert len(messages(items(raw))) == 1


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", data)
    return file.getvalue()


@pytest.mark.bad_input("B031")
@pytest.mark.parametrize(
    "name", ["../../x", "CON", "x" * 5000, "a\x00b", "virus.exe", "\u202egnp", "\x1b[2J", "a\r\n b"]
)
def test_the_name_of_an_attachment_is_only_shown(name: str) -> None:
    found = items(multipart(batch(said()), part(b"content", name=name)))

    assert len(messages(found)) == 1
    (letter,) = dead(found)
    assert letter.reason.startswith("orphan-attachment: ")
    assert letter.reason.isprintable()
    assert len(letter.reason) < 100
    assert letter.bytes == b"content"


@pytest.mark.bad_input("B031")
@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"\0" * 50_000_000), zipped(zipped(b"\0" * 50_000_000))],
    ids=["gzip", "zip in zip"],
)
def test_a_compressed_bomb_is_kept_and_never_inflated(content: bytes) -> None:
    kind = "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n"
    raw = multipart(batch(said()), part(base64.encodebytes(content), name="x.gz", headers=kind))
    found: list[Any] = []

    used = peak(lambda: found.extend(items(raw)))

    assert [letter.bytes for letter in dead(found)] == [content]
    assert used < 10 * len(raw) + 2_000_000


@pytest.mark.bad_input("B031")
def test_an_attachment_beyond_a_mebibyte_is_kept_whole_and_not_joined() -> None:
    report = b"x" * (2**20 + 1)

    found = items(multipart(batch(said("7010", data=None)), part(report, name="cpt.dat")))

    assert [(one.reason, one.form, len(one.bytes)) for one in dead(found)] == [
        ("too-large: attachment", "part", 2**20 + 1),
        ("missing-attachment: data", "line", len(line(said("7010", data=None)))),
    ]


@pytest.mark.bad_input("B032")
@pytest.mark.parametrize("count", [1, 2, 3000])
def test_every_line_counts(count: int) -> None:
    raw = mail(*[line(said(msgUID=uid(number))) for number in range(count)])

    assert len({message.uid for message in messages(items(raw))}) == count


@pytest.mark.bad_input("B032")
def test_the_work_grows_as_the_mail_does() -> None:
    def work(count: int) -> int:
        raw = mail(*[LINE] * count)
        return calls(lambda: items(raw))

    assert work(4000) < 4.2 * work(1000)


@pytest.mark.bad_input("B032")
def test_200000_lines_are_read_and_one_more_is_refused() -> None:
    short = b"e30=\r\n"
    most = mail() + short * LINE_COUNT_LIMIT

    assert MailFile(io.BytesIO(most)).size == len(most)
    assert refusal(most + short) == "mime-limit: lines"


@pytest.mark.bad_input("B032")
def test_blank_lines_do_not_count() -> None:
    raw = mail(said()) + b"\r\n \r\n" * LINE_COUNT_LIMIT

    assert len(messages(items(raw))) == 1


@pytest.mark.bad_input("B032")
@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_memory_does_not_grow_with_the_mail(tmp_path: Path, encoding: str) -> None:
    text = (PLAIN + b"\r\n") * 12_000
    if encoding == "base64":
        text = base64.encodebytes(text)
    path = tmp_path / "mail"
    path.write_bytes(mail(headers=f"Content-Transfer-Encoding: {encoding}\r\n") + text)

    def read() -> None:
        with path.open("rb") as file:
            for _ in read_mail(MailFile(file), SMTP, CATALOG):
                pass

    assert peak(read) < 12 * PIECE
    assert path.stat().st_size > 16 * PIECE


@pytest.mark.bad_input("B032")
def test_a_mail_beyond_96_mebibytes_is_refused_unread() -> None:
    class Endless(io.RawIOBase):
        """A file that is too large, and must not be read."""

        def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
            return SIZE_LIMIT + 1

    with pytest.raises(Refused) as caught:
        MailFile(Endless())  # type: ignore[arg-type] # as much of a file as is asked for

    assert caught.value.reason == "too-large: mail"


@pytest.mark.bad_input("B035")
@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"a\r\nBcc: x@y", "a"),
        (b"\x1b[2Jred", "\\x1b[2Jred"),
        ("\u202egnp.exe".encode(), "\\u202egnp.exe"),
        (b"a\rb", "a\\rb"),
        (b"\xff", "\ufffd"),
        (b"x" * 60_000, "x" * 199 + "…"),
    ],
)
def test_a_subject_is_shown_escaped_and_short(subject: bytes, shown: str) -> None:
    raw = mail(said()).replace(b"[AMQP CHANNEL]", subject)

    assert opened(raw).subject == shown
    assert opened(raw).subject.isprintable()
    assert len(messages(items(raw))) == 1


@pytest.mark.bad_input("B035")
def test_a_subject_of_a_megabyte_is_refused_with_its_mail() -> None:
    raw = mail(said()).replace(b"[AMQP CHANNEL]", b"x" * 1_000_000)

    assert refusal(raw) == "mime-limit: headers"


@pytest.mark.bad_input("B038")
@pytest.mark.parametrize(
    ("date", "year", "flags"),
    [
        ("Thu, 01 Jan 1970 00:00:00 +0000", 1970, ("timestamp-missing",)),
        ("Thu, 01 Jan 2099 00:00:00 +0000", 2099, ("timestamp-missing", "timestamp-future")),
        (None, NOW.year, ("timestamp-missing",)),
        ("garbage", NOW.year, ("timestamp-missing",)),
        ("Thu, 01 Jan 0099 00:00:00 +0000", NOW.year, ("timestamp-missing",)),
    ],
)
def test_the_date_of_a_mail_stands_in_for_a_time_and_is_flagged(
    date: str | None, year: int, flags: tuple[str, ...]
) -> None:
    (message,) = messages(items(mail(said(msgTimestamp=None), date=date)))

    assert message.timestamp.year == year
    assert message.flags == flags
    assert message.time <= NOW


@pytest.mark.bad_input("B038")
@pytest.mark.parametrize("date", [DATE, None, "Thu, 01 Jan 2099 00:00:00 +0000"])
def test_the_date_of_a_mail_changes_no_message_that_has_its_own(date: str | None) -> None:
    (message,) = messages(items(mail(said(), date=date)))

    assert message.flags == ()
