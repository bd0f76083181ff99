"""A mail becomes messages, line by line; its attachments find the one message that takes them."""

from __future__ import annotations

import base64
import io
import quopri
import uuid
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodiguer.errors import Refused
from prodiguer.wire.mail import MailFile, Tally, identity_of_refused, read_line, read_mail
from prodiguer.wire.mail.source import PIECE
from support.wire import (
    CATALOG,
    DATE,
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

CARD = base64.b64encode(b"[UserChoices]\nJobName=CM6\n")
BASE64 = "Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n"


def uid(number: int) -> str:
    return str(uuid.UUID(int=number + 1))


def several(count: int, code: str = "1100", **fields: str | None) -> list[dict[str, object]]:
    return [said(code, msgUID=uid(number), **fields) for number in range(count)]


def test_one_line_is_one_message_in_their_order() -> None:
    found = items(mail(*several(3)))

    assert [message.uid for message in messages(found)] == [uid(0), uid(1), uid(2)]
    assert dead(found) == []


def test_a_message_knows_its_mail() -> None:
    raw = mail(said(msgTimestamp=None))

    (message,) = messages(items(raw))

    assert message.mail == opened(raw).id
    assert message.timestamp == datetime(2018, 3, 5, 7, 0, 5, tzinfo=UTC)
    assert message.door == "smtp"


def test_the_head_of_a_mail_is_read() -> None:
    raw = mail(said()).replace(b"From: no-reply", b"From: HPC User <no-reply", 1)
    found = opened(raw.replace(b"hpc.example\r\n", b"hpc.example>\r\n", 1))

    assert found.sender == "no-reply@hpc.example"
    assert found.subject == "[AMQP CHANNEL]"
    assert (found.date_raw, found.date) == (DATE, datetime(2018, 3, 5, 7, 0, 5, tzinfo=UTC))


def test_blank_lines_and_comments_are_skipped_but_counted() -> None:
    found = items(mail(b"", b"# a comment", line(said()), b"   \t", b"@@@", b" # too"))

    assert len(messages(found)) == 1
    assert [(one.position, one.reason) for one in dead(found)] == [(5, "not-base64: byte 0")]


def test_a_bad_line_says_all_about_itself_and_its_neighbours_act() -> None:
    bad = line(said("1000", msgUID=uid(1), simuid="not-a-uuid"))
    found = items(mail(said("1100", msgUID=uid(0)), bad, said("1100", msgUID=uid(2))))

    (letter,) = dead(found)

    assert [message.uid for message in messages(found)] == [uid(0), uid(2)]
    assert (letter.position, letter.form, letter.bytes) == (2, "line", bad)
    assert (letter.reason, letter.code) == ("bad-field: simuid", "1000")
    assert letter.detail


def test_a_dead_line_can_be_read_again() -> None:
    with pytest.raises(Refused, match="not-json"):
        read_line(line(b"{'single': 1}"), SMTP, CATALOG)

    assert read_line(line(said()), SMTP, CATALOG).uid == UID


def test_repairs_are_flagged_and_counted() -> None:
    unpadded = line(b" " * (3 - len(line(said())) % 3) + b'{"msgCode":"1100"').rstrip(b"=")
    whole = line(said("4242", msgUID=uid(7)))
    raw = base64.b64decode(whole)
    padded = base64.b64encode(raw + b" " * ((1 - len(raw)) % 3)).rstrip(b"=")
    glued = rb'{"msgCode":"4242","simuid":"","dirFrom":"C:\temp\x"}'
    tally = Tally()

    found = items(mail(padded, line(glued), unpadded, whole))
    for item in found:
        tally.note(item)

    assert [message.flags[0] for message in messages(found)[:2]] == [
        "repaired-padding",
        "repaired-backslashes",
    ]
    assert messages(found)[1].body["dirFrom"] == "C:tempx"
    assert (tally.repairs, tally.dead, tally.messages) == (2, 1, Counter({"4242": 3}))


def test_a_message_that_needs_both_repairs_counts_for_two() -> None:
    glued = rb'{"msgCode":"4242","dirFrom":"C:\temp\x"}'
    tally = Tally()

    for item in items(mail(line(glued + b" " * ((1 - len(glued)) % 3)).rstrip(b"="))):
        tally.note(item)

    assert (tally.repairs, tally.messages) == (2, Counter({"4242": 1}))


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "quoted-printable", "base64", ""])
def test_transfer_encodings_change_nothing(encoding: str, newline: bytes) -> None:
    text = newline.join([line(one) for one in several(20)]) + newline
    if encoding == "base64":
        text = base64.encodebytes(text)
    elif encoding == "quoted-printable":
        text = quopri.encodestring(text)
    header = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    raw = mail(headers=header) + text

    assert [message.uid for message in messages(items(raw))] == [uid(n) for n in range(20)]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_mail_has_one_identity_however_relays_wrap_it(newline: bytes) -> None:
    lines = [line(one) for one in several(5)]
    plain = mail(*lines)
    quoted = mail(headers="Content-Transfer-Encoding: quoted-printable\r\nReceived: by x\r\n")
    quoted += quopri.encodestring(newline.join(lines) + newline * 3)

    assert opened(plain).id == opened(quoted.replace(b"\r\n", newline)).id
    assert opened(plain).id != opened(mail(*lines[:4])).id


@pytest.mark.parametrize(
    "headers", ["Content-Transfer-Encoding: x-uuencode\r\n", f"X: {'y' * 3 * PIECE}\r\n"]
)
def test_the_identity_of_a_refused_mail_ignores_what_relays_add(headers: str) -> None:
    raw = mail(said(), headers=headers)

    first = identity_of_refused(io.BytesIO(raw))
    again = identity_of_refused(io.BytesIO(b"Received: by relay\r\n" + raw))
    other = identity_of_refused(io.BytesIO(raw + b"x"))

    assert first == again != other


def test_the_identity_of_a_mail_without_an_end_of_headers_is_that_of_all_its_bytes() -> None:
    headers = b"X: y\n" * 100_000

    first, other = (identity_of_refused(io.BytesIO(one)) for one in (headers, headers + b"Z: y"))

    assert first == identity_of_refused(io.BytesIO(headers)) != other


def test_a_run_takes_its_card_as_one_line_of_base64() -> None:
    wrapped = base64.encodebytes(base64.b64decode(CARD) * 9).replace(b"\n", b"\r\n")
    first = batch(said("0000", configuration=None), *several(3, "7000"))

    found = items(multipart(first, part(wrapped, name="config.card.base64")))

    assert dead(found) == []
    (run,) = [m for m in messages(found) if m.code == "0000"]
    assert run.body["configuration"] == base64.b64encode(base64.b64decode(CARD) * 9).decode()
    assert run.flags == ()
    assert len(found) == 4


def test_the_digest_of_a_message_does_not_know_its_attachment() -> None:
    element = said("0000", configuration=None)

    (with_card,) = messages(items(multipart(batch(element), part(CARD, name="config.card"))))
    (without,) = messages(items(mail(element)))

    assert with_card.digest == without.digest
    assert without.flags == ("card-missing",)


def test_a_second_card_or_one_that_two_runs_could_take_is_nobodys() -> None:
    run = said("0000", configuration=None)
    one = items(
        multipart(batch(run), part(CARD, name="config.card"), part(CARD, name="config.card2"))
    )
    two = items(multipart(batch(run, {**run, "msgUID": uid(2)}), part(CARD, name="config.card")))

    assert [letter.reason for letter in dead(one)] == ["orphan-attachment: config.card2"]
    assert [(letter.position, letter.form) for letter in dead(two)] == [(2, "part")]
    assert [message.flags for message in messages(two)] == [("card-missing",)] * 2
    assert dead(two)[0].bytes == CARD


def test_a_card_that_nobody_asks_for_is_nobodys() -> None:
    found = items(multipart(batch(said()), part(CARD, name="config.card.base64")))

    assert len(messages(found)) == 1
    assert [letter.reason for letter in dead(found)] == ["orphan-attachment: config.card.base64"]


@pytest.mark.parametrize("code", ["7010", "7011"])
def test_a_report_is_joined_in_base64_as_it_was_at_home(code: str) -> None:
    report = "Compte é 12 %\n\nfin =\n".encode()
    quoted = quopri.encodestring(report).replace(b"\n", b"\r\n")
    kind = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n"

    found = items(
        multipart(batch(said(code, data=None)), part(quoted, name="cpt.dat", headers=kind))
    )

    (message,) = messages(found)
    assert base64.b64decode(message.body["data"]) == report
    assert message.uid == UID
    assert len(found) == 1


@pytest.mark.parametrize(
    ("code", "field"), [("7010", "data"), ("7011", "data"), ("7100", "metrics")]
)
def test_without_its_attachment_it_is_a_dead_letter(code: str, field: str) -> None:
    element = said(code, **{field: None})

    (letter,) = items(mail(element))

    assert letter.reason == f"missing-attachment: {field}"
    assert (letter.position, letter.form, letter.code) == (1, "line", code)
    assert letter.bytes == line(element)


def test_an_attachment_that_is_in_the_message_already_is_not_asked_for() -> None:
    found = items(multipart(batch(said("7010", data="cmVwb3J0")), part(b"x", name="cpt.dat")))

    assert messages(found)[0].body["data"] == "cmVwb3J0"
    assert [letter.reason for letter in dead(found)] == ["orphan-attachment: cpt.dat"]


def test_metrics_make_one_message_of_each_part_with_ids_of_their_own() -> None:
    files = [b'{"a":1}', b'{"b":2}']
    parts = [part(base64.b64encode(f), name="m.json", headers=BASE64) for f in files]
    raw = multipart(batch(said("7100", metrics=None)), *parts)

    found = messages(items(raw))

    assert [base64.b64decode(m.body["metrics"]) for m in found] == files
    assert len({m.uid for m in found} | {UID}) == 3
    assert [m.uid for m in found] == [m.uid for m in messages(items(raw))]


def test_several_messages_that_could_take_a_report_take_none() -> None:
    first = batch(said("7010", data=None), said("7011", data=None, msgUID=uid(2)), said("1100"))

    found = items(multipart(first, part(b"report", name="cpt.dat")))

    assert len(messages(found)) == 1
    assert [letter.reason for letter in dead(found)] == [
        "missing-attachment: data",
        "missing-attachment: data",
        "orphan-attachment: cpt.dat",
    ]


def test_what_a_relay_appends_is_kept_and_hurts_nobody() -> None:
    html = part(b"<p>x</p>", headers="Content-Type: text/html\r\n")
    raw = multipart(batch(*several(2), b"--", b"Disclaimer: this mail is secret."), html)

    found = items(raw)

    assert len(messages(found)) == 2
    assert [letter.reason.partition(":")[0] for letter in dead(found)] == [
        "not-base64",
        "not-base64",
        "orphan-attachment",
    ]


def test_lines_are_numbered_through_all_texts() -> None:
    found = items(multipart(batch(said(), b"@@@"), batch(b"", b"@@@", said(msgUID=uid(3)))))

    assert len(messages(found)) == 2
    assert [letter.position for letter in dead(found)] == [2, 4]


def test_nested_multiparts_are_read_in_their_order() -> None:
    inner = multipart(batch(*several(2)), boundary="inner").partition(b"Content-Type")[2]
    raw = multipart(b"Content-Type" + inner, batch(said(msgUID=uid(9))), boundary="inner2")

    assert [message.uid for message in messages(items(raw))] == [uid(0), uid(1), uid(9)]


def test_a_part_name_may_be_encoded_in_pieces() -> None:
    kind = (
        "Content-Type: text/plain\r\nContent-Disposition: attachment;\r\n"
        " filename*0*=utf-8'en'config%2Ecard;\r\n filename*1=.base64\r\n"
    )
    found = items(multipart(batch(said("0000", configuration=None)), part(CARD, headers=kind)))

    assert dead(found) == []
    assert messages(found)[0].body["configuration"] == CARD.decode()


@pytest.mark.parametrize("size", [PIECE - 3, PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_a_boundary_is_found_wherever_the_pieces_end(size: int) -> None:
    first = batch(b"#" + b"x" * (size - 90), *several(1))

    found = items(multipart(first, part(b"report", name="cpt.dat"), batch(said(msgUID=uid(5)))))

    assert [message.uid for message in messages(found)] == [uid(0), uid(5)]
    assert [letter.bytes for letter in dead(found)] == [b"report"]


@settings(max_examples=60)
@given(st.binary(max_size=2000), st.sampled_from(["base64", "quoted-printable"]))
def test_attachments_are_what_the_library_of_python_reads(content: bytes, encoding: str) -> None:
    letter = EmailMessage(policy=SMTP_POLICY)
    letter["Date"] = DATE
    letter.set_content(line(said()).decode() + "\n")
    letter.add_attachment(content, maintype="application", subtype="x", filename="f", cte=encoding)

    found = opened(letter.as_bytes())

    assert [found.content(one) for one in found.parts[1:]] == [content]
    assert [message.uid for message in messages(read_mail(found, SMTP, CATALOG))] == [UID]


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"Content-Type: text/plain\r\n",
                b"Content-Transfer-Encoding: quoted-printable\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"\r\n",
                b"\n",
                b"\r",
                b"--b\r\n",
                b"--b--\r\n",
                b"--b \t\n",
                b"=",
                b"=\r\n",
                b"=3D",
                b"# x",
                b"\x00\xff",
                line(said()) + b"\r\n",
                line(said())[:80],
                b"eyJ",
                b": x\r\n",
                b" folded\r\n",
                b"From x\r\n",
            ]
        ),
        max_size=25,
    ).map(b"".join)
)
def test_any_mail_is_read_or_refused_and_always_the_same(raw: bytes) -> None:
    def outcome() -> list[object] | str:
        try:
            return list(items(raw))
        except Refused as refused:
            return refused.reason

    assert outcome() == outcome()


def test_a_file_is_left_open_for_its_owner() -> None:
    file = io.BytesIO(mail(said()))

    list(read_mail(MailFile(file), SMTP, CATALOG))

    assert not file.closed


GOOD = [line(said("4242", msgUID=uid(number))) for number in range(4)]
BAD = [b"@@@", line(b"[]"), line(b"{'a':1}"), GOOD[0][:9], b"#", b"", b" \t"]


@given(st.lists(st.sampled_from(GOOD + BAD), max_size=12), st.booleans())
def test_nothing_is_lost_each_line_is_a_message_or_a_dead_letter(
    lines: list[bytes], quoted: bool
) -> None:
    text = b"\r\n".join([GOOD[0], *lines]) + b"\r\n"
    header = "Content-Transfer-Encoding: quoted-printable\r\n" if quoted else ""
    raw = mail(headers=header) + (quopri.encodestring(text) if quoted else text)

    found = items(raw)

    assert len(messages(found)) == 1 + sum(one in GOOD for one in lines)
    kept = [(number, one) for number, one in enumerate(lines, 2) if one in BAD[:4]]
    assert [(letter.position, letter.bytes) for letter in dead(found)] == kept


def test_a_text_that_is_alone_holds_lines_whatever_its_name() -> None:
    kind = 'Content-Type: text/plain; name="batch.txt"\r\nContent-Disposition: attachment\r\n'

    assert len(messages(items(mail(said(), headers=kind)))) == 1


def test_a_message_around_the_parts_of_a_multipart_is_not_lost() -> None:
    before, inside, behind = several(3)
    raw = multipart(part(line(inside)))
    assert raw.count(b"preamble\r\n") == 1
    raw = raw.replace(b"preamble\r\n", b"This is a multipart message.\r\n" + line(before) + b"\r\n")
    raw += line(behind) + b"\r\nbye\r\n"

    found = items(raw)

    assert {m.uid for m in messages(found)} == {uid(0), uid(1), uid(2)}
    assert dead(found) == []
