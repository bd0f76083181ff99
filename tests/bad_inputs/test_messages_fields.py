"""Fields that are missing, strange or hostile: refused with their names, or kept as they are."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest

from prodiguer import UnknownMessage
from prodiguer.errors import Refused
from prodiguer.wire import codec
from prodiguer.wire.envelope import from_amqp, to_amqp
from prodiguer.wire.properties import Properties
from support.wire import (
    CATALOG,
    NOW,
    RUN,
    UID,
    batch,
    dead,
    items,
    line,
    mail,
    messages,
    multipart,
    part,
    read,
    said,
)


def refusal(element: dict[str, Any]) -> str:
    with pytest.raises(Refused) as caught:
        read(element)
    return caught.value.reason


def kept(text: str, field: str = "dirFrom") -> None:
    """It goes through all doors and the broker unchanged."""
    element = said("7000", **{field: text})
    message = read(element)
    (mailed,) = messages(items(mail(element)))
    key, properties, body = to_amqp(message)
    assert message.body[field] == mailed.body[field] == text
    assert from_amqp(key, properties, body, CATALOG, NOW) == message
    assert json.loads(body)[field] == text


TEXTS = ["name", "dirFrom", "command", "x"]


@pytest.mark.bad_input("B048")
@pytest.mark.parametrize(
    "text",
    ["\u2028\u2029", "\u202egnp.exe", "a\ufeffb", "Z\u0351\u036b\u0343a\u0329\u032b", "👩‍👩‍👧",
     "\U0001d518", "\u00e9", "e\u0301", "\uffff", "\U0010ffff"],
)  # fmt: skip
def test_strange_letters_are_kept_exactly(text: str) -> None:
    kept(text)


@pytest.mark.bad_input("B048")
def test_two_forms_of_one_letter_stay_two_texts() -> None:
    assert read(said(name="\u00e9")).digest != read(said(name="e\u0301")).digest


@pytest.mark.bad_input("B050")
@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
     "{{7*7}}", "${7*7}", "<svg/onload=alert(1)>", "</textarea>"],
)  # fmt: skip
def test_markup_is_plain_text(field: str, text: str) -> None:
    kept(text, field)


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "text", ["'; DROP TABLE messages; --", "%s", "%(x)s", ":name", "\\", "_", "%", "\\' OR 1=1"]
)
def test_pieces_of_sql_are_plain_text(field: str, text: str) -> None:
    kept(text, field)


@pytest.mark.bad_input("B052")
@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_formulas_are_plain_text(text: str) -> None:
    kept(text)


@pytest.mark.bad_input("B053")
@pytest.mark.parametrize("text", ["$(touch x)", "`touch x`", ";rm -rf /", "a\nb", "-rf", "../../x"])
def test_pieces_of_shell_are_plain_text(text: str) -> None:
    kept(text, "dirTo")


@pytest.mark.bad_input("B054")
@pytest.mark.parametrize(
    "text", ["\n2026-01-01 ERROR fake", "\r", "\x1b[2J", "\x1b]0;t\x07", "\x85\x9b31m", "\x7f"]
)
def test_control_characters_are_plain_text(text: str) -> None:
    kept(text)


@pytest.mark.bad_input("B054")
@pytest.mark.parametrize("text", ["\n2026 ERROR", "\x1b[2J", "\u202e", "\x9b"])
def test_a_reason_never_holds_a_control_character(text: str) -> None:
    key = json.dumps(text)
    with pytest.raises(Refused) as caught:
        read(f'{{"msgCode":"4242",{key}:1,{key}:2}}'.encode())

    assert caught.value.reason.startswith("duplicate-key: ")
    assert caught.value.reason.isprintable()
    assert len(caught.value.reason) < 100


@pytest.mark.bad_input("B056")
@pytest.mark.parametrize("code", [None, "", "null"])
def test_a_message_without_a_code_is_refused(code: str | None) -> None:
    assert refusal(said(code, msgCode=code)) == "missing-fields: msgCode"  # type: ignore[arg-type] # absent


@pytest.mark.bad_input("B056")
@pytest.mark.parametrize(
    "code",
    [1100, True, ["0000"], {"a": "0000"}, " 0000", "0000 ", "0000\n", "ABC", "a.b", "#", "*", "é",
     "9" * 10_000],
)  # fmt: skip
def test_a_code_that_no_key_can_carry_is_refused(code: Any) -> None:
    assert refusal(said(msgCode=code)) == "bad-field: msgCode"


@pytest.mark.bad_input("B056")
@pytest.mark.parametrize(
    "code", ["8000", "8100", "8200", "-1000", "-2000", "-3000", "-4000", "-1", "-x"]
)
def test_nobody_outside_says_the_codes_of_the_platform(code: str) -> None:
    assert refusal(said(code)) == f"internal-code: {code}"
    (letter,) = dead(items(mail(said(code))))
    assert (letter.reason, letter.code) == (f"internal-code: {code}", code)


@pytest.mark.bad_input("B056")
@pytest.mark.parametrize("code", ["-9000", "-9001"])
def test_headers_and_manifests_of_batches_come_from_outside(code: str) -> None:
    assert read(said(code)).routing_key == f"prod.http.libigcm.internal.{code}"


@pytest.mark.bad_input("B056")
@pytest.mark.parametrize("code", ["1234", "0", "abc", "7000x", "9" * 32])
def test_a_code_that_nobody_knows_is_no_error(code: str) -> None:
    message = read(said(code, simuid=None, jobuid=None))

    assert isinstance(message, UnknownMessage)
    assert message.routing_key == f"prod.http.libigcm.unknown.{code}"


@pytest.mark.bad_input("B057")
@pytest.mark.parametrize(
    "text",
    [UID.upper(), f"{{{UID}}}", f"urn:uuid:{UID}", f"URN:UUID:{UID.upper()}",
     "0ca937b0-e516-11f1-91bc-02fc00000001", "1ceaf8be-98d4-45cc-8088-64ca59b8c8c9",
     str(uuid.uuid5(uuid.NAMESPACE_DNS, "x"))],
)  # fmt: skip
def test_any_form_of_a_uuid_is_taken_in_one_form(text: str) -> None:
    assert read(said(msgUID=text)).uid == str(uuid.UUID(text.lower()))


@pytest.mark.bad_input("B057")
@pytest.mark.parametrize(
    "text",
    ["1", "x" * 36, UID[:-1], UID + "0", f"{{{UID}", f" {UID}", UID.replace("-", ""), 5, [UID],
     str(uuid.UUID(int=0)), UID.replace("1", "\u0661")],
)  # fmt: skip
def test_what_is_no_uuid_is_refused(text: Any) -> None:
    assert refusal(said(msgUID=text)) == "bad-field: msgUID"


@pytest.mark.bad_input("B057")
@pytest.mark.parametrize("text", [None, "", "null"])
def test_an_id_that_is_missing_is_derived(text: str | None) -> None:
    message = read(said(msgUID=text))

    assert message.flags == ("uid-derived",)
    assert uuid.UUID(message.uid).version == 5


@pytest.mark.bad_input("B058")
@pytest.mark.parametrize(
    ("given", "reason"),
    [(None, "missing-fields: simuid"), ("", "missing-fields: simuid"),
     ("null", "missing-fields: simuid"), ("N/A", "bad-field: simuid"), ("x", "bad-field: simuid")],
)  # fmt: skip
def test_a_message_without_its_run_is_refused_aloud(given: str | None, reason: str) -> None:
    assert refusal(said(simuid=given)) == reason


@pytest.mark.bad_input("B058")
def test_ten_thousand_runs_in_one_mail_are_ten_thousand_messages() -> None:
    lines = [
        line(said(msgUID=str(uuid.UUID(int=n + 1)), simuid=str(uuid.UUID(int=2**100 + n))))
        for n in range(10_000)
    ]

    found = items(mail(*lines))

    assert len({message.simulation_uid for message in messages(found)}) == 10_000
    assert dead(found) == []


@pytest.mark.bad_input("B059")
@pytest.mark.parametrize("producer", [None, "never-seen", "", "an invalid one"])
def test_any_producer_may_speak(producer: str | None) -> None:
    word = "never-seen" if producer == "never-seen" else "unknown"

    assert read(said(msgProducer=producer)).routing_key == f"prod.http.{word}.monitoring.1100"


@pytest.mark.bad_input("B059")
@pytest.mark.parametrize("version", ["2.8-beta", "2", 2, 2.8, "é", "9" * 64])
def test_any_version_of_64_characters_is_taken(version: Any) -> None:
    assert read(said(msgProducerVersion=version)).producer_version == str(version)


@pytest.mark.bad_input("B059")
@pytest.mark.parametrize("version", ["9" * 65, "9" * 500, ["2"], True])
def test_a_longer_version_is_refused(version: Any) -> None:
    assert refusal(said(msgProducerVersion=version)) == "bad-field: msgProducerVersion"


@pytest.mark.bad_input("B060")
@pytest.mark.parametrize("text", [None, "", "null"])
def test_a_time_that_is_missing_is_flagged(text: str | None) -> None:
    assert read(said(msgTimestamp=text)).flags == ("timestamp-missing",)


@pytest.mark.bad_input("B060")
@pytest.mark.parametrize("digits", range(1, 13))
def test_any_number_of_digits_is_cut_to_microseconds(digits: int) -> None:
    fraction = "123456789987"[:digits]
    message = read(said(msgTimestamp=f"2018-03-05T08:00:01.{fraction}+0100"))

    assert message.timestamp.microsecond == int(fraction[:6].ljust(6, "0"))
    assert message.timestamp_raw == f"2018-03-05T08:00:01.{fraction}+0100"


@pytest.mark.bad_input("B060")
@pytest.mark.parametrize(
    ("text", "utc"),
    [("2018-03-05T08:00:01Z", "08:00:01"), ("2018-03-05T08:00:01-0330", "11:30:01"),
     ("2018-03-05T22:00:01+14:00", "08:00:01"), ("2018-03-05T08:00:01+00:00", "08:00:01")],
)  # fmt: skip
def test_zones_do_not_shift_a_time(text: str, utc: str) -> None:
    assert read(said(msgTimestamp=text)).timestamp.isoformat() == f"2018-03-05T{utc}+00:00"


@pytest.mark.bad_input("B060")
@pytest.mark.parametrize(
    "text",
    ["2018-03-05T08:00:01+99:99", "2018-03-05T08:00:01+0175", "2018-03-05T24:00:00Z",
     "2018-03-05T08:00:60Z", "2018-02-30T08:00:01Z", "0000-01-01T00:00:00Z",
     "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
     "0001-01-01T00:00:00+1400", "-1", "1520233201", "1520233201123", "1520233201123456",
     "1520233201123456789", "1520233201.5", "2018-03-05T08:00:01", "2018-03-05 08:00:01Z",
     "2018-03-05", "2018-W10-1T08:00:01Z", "20180305T080001Z", "2018-03-05T08:00:01,5Z",
     "2018-03-05T08:00:01.Z", "٢٠١٨-03-05T08:00:01Z", 1520233201, 1520233201.5, True, [],
     "2018-03-05T08:00:01Z\n", "x" * 10_000],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_refused(text: Any) -> None:
    assert refusal(said(msgTimestamp=text)) == "bad-field: msgTimestamp"


@pytest.mark.bad_input("B063")
@pytest.mark.parametrize(
    ("given", "read_as"),
    [("12", "12"), (12, "12"), (0.5, "0.5"), (".002929", ".002929"), ("null", None), ("", None),
     (None, None), ("None", "None"), ("N/A", "N/A"), ("True", "True"), (True, "True")],
)  # fmt: skip
def test_values_are_read_as_texts_and_kept_as_they_came(given: Any, read_as: str | None) -> None:
    element = {**said("4242"), "value": given}
    message = read(element)

    assert message.get("value") == read_as
    assert message.body["value"] == given


@pytest.mark.bad_input("B064")
@pytest.mark.parametrize(
    "name",
    [
        "x",
        "x" * 255,
        "x" * 256,
        "x" * 10_000,
        "   ",
        "a/b",
        ".",
        "..",
        "-rf",
        "İstanbul",
        "\u0131i",
        "ß",
    ],
)
def test_a_name_is_kept_exactly(name: str) -> None:
    assert read(said("0000", name=name)).get("name") == name


@pytest.mark.bad_input("B064")
@pytest.mark.parametrize(("one", "other"), [("RUN", "run"), ("ß", "ss"), ("İ", "i̇"), ("a", "a ")])
def test_names_that_look_alike_stay_different(one: str, other: str) -> None:
    assert read(said("0000", name=one)).digest != read(said("0000", name=other)).digest


@pytest.mark.bad_input("B065")
def test_words_that_collide_when_glued_stay_different() -> None:
    one = read(said("0000", name="ab", model="c"))
    other = read(said("0000", name="a", model="bc"))

    assert one.digest != other.digest
    assert (one.get("name"), other.get("name")) == ("ab", "a")


@pytest.mark.bad_input("B066")
@pytest.mark.parametrize("project", [None, "", "null", "never-heard-of"])
def test_a_run_of_any_project_is_taken(project: str | None) -> None:
    message = read(said("0000", accountingProject=project))

    assert message.get("accountingProject") == (project if project == "never-heard-of" else None)


def with_card(content: bytes, name: str = "config.card.base64") -> list[Any]:
    run = said("0000", configuration=None)
    return items(multipart(batch(run), part(content, name=name)))


@pytest.mark.bad_input("B067")
def test_a_run_without_a_card_is_taken_and_flagged() -> None:
    (message,) = messages(items(mail(said("0000", configuration=None))))

    assert message.flags == ("card-missing",)


@pytest.mark.bad_input("B067")
@pytest.mark.parametrize(
    "content",
    [base64.b64encode(base64.b64encode(b"[UserChoices]")), base64.b64encode(b"\xff\x00\xe9"),
     base64.b64encode("Émile".encode("latin-1"))],
    ids=["twice", "binary", "latin-1"],
)  # fmt: skip
def test_a_card_in_base64_is_joined_whatever_is_inside(content: bytes) -> None:
    found = with_card(content)

    assert dead(found) == []
    assert messages(found)[0].body["configuration"] == content.decode()


@pytest.mark.bad_input("B067")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (base64.b64encode(b"x" * 5_000_000), "too-large: attachment"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-base64: attachment"),
        (b"[UserChoices]\r\nJobName=CM6\r\n", "not-base64: attachment"),
    ],
    ids=["5 MB", "image", "plain"],
)
def test_a_card_that_cannot_be_joined_is_kept_and_its_run_goes_on(
    content: bytes, reason: str
) -> None:
    found = with_card(content)

    (letter,) = dead(found)
    assert (letter.reason, letter.form, letter.position) == (reason, "part", 2)
    assert letter.bytes == content.replace(b"\r\n", b"\n")
    assert messages(found)[0].flags == ("card-missing",)


@pytest.mark.bad_input("B070")
@pytest.mark.parametrize(
    "delay", ["0", "-5", "1000000000000", "1000000001", "soon", "1.5", " 60", "1e3", 0, -1, 1.5, []]
)
def test_a_delay_that_makes_no_sense_is_flagged(delay: Any) -> None:
    message = read(said("1000", jobWarningDelay=delay))

    assert message.flags == ("delay-default",)
    assert message.body["jobWarningDelay"] == delay


@pytest.mark.bad_input("B070")
@pytest.mark.parametrize("delay", [None, "", "null", "1", "86400", 3600, "1000000000"])
def test_a_delay_that_is_missing_or_good_is_not(delay: Any) -> None:
    assert read(said("1000", jobWarningDelay=delay)).flags == ()


@pytest.mark.bad_input("B074")
@pytest.mark.parametrize(
    ("changes", "body", "reason"),
    [
        ({"content_type": "text/xml"}, b"{}", "bad-field: content_type"),
        ({"content_type": 5}, b"{}", "bad-field: content_type"),
        ({"content_type": "application/json; charset=latin-1"}, b"{}", "bad-field: content_type"),
        ({"content_encoding": "gzip"}, b"{}", "bad-field: content_encoding"),
        ({"content_type": "application/base64+json"}, b"{}", "not-base64: byte 0"),
        ({"content_type": "application/base64+json"}, b"bm90IGpzb24=", "not-json: byte 0"),
        ({"content_type": "application/base64"}, b"AAAA", "encoding: byte 0"),
        ({}, base64.b64encode(codec.encode({"simuid": RUN})), "not-json: byte 0"),
    ],
)
def test_a_body_that_is_not_what_its_properties_say_is_refused(
    changes: dict[str, Any], body: bytes, reason: str
) -> None:
    headers = {"producer_id": "libigcm", "producer_version": "2"}
    properties = Properties(message_id=UID, timestamp=1, headers=headers, **changes)

    with pytest.raises(Refused) as caught:
        from_amqp("prod.a.libigcm.monitoring.1100", properties, body, CATALOG, NOW)

    assert caught.value.reason == reason
