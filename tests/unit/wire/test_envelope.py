"""From a message to what a broker carries, and back; also from producers that are not ours."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer import CommandFailed, LegacyTrace, UnknownMessage
from prodiguer.domain.message import Message
from prodiguer.domain.messages import EventRaised
from prodiguer.errors import Refused
from prodiguer.ports.transport import Properties
from prodiguer.wire import codec
from prodiguer.wire.envelope import BODY_LIMIT, from_amqp, to_amqp
from support.wire import CATALOG, JOB, NOW, RUN, SMTP, UID, old, read, said

KEY = "prod.tgcc.libigcm.monitoring.1100"
BODY = codec.encode({"simuid": RUN, "jobuid": JOB})
HEADERS = {"producer_id": "libigcm", "producer_version": "2.8.4"}


def raw(**changes: Any) -> Properties:
    """What a producer writes that is not ours."""
    given: dict[str, Any] = {"message_id": UID, "timestamp": 1520233201, "headers": HEADERS}
    return Properties(**{**given, **changes})


def take(
    key: str = KEY, properties: Properties | None = None, body: bytes = BODY, **more: Any
) -> Message:
    return from_amqp(key, properties or raw(), body, CATALOG, NOW, **more)


def refusal(*args: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        take(*args, **more)
    return caught.value


def there_and_back(message: Message) -> Message:
    key, properties, body = to_amqp(message)
    return from_amqp(key, properties, body, CATALOG, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "message",
    [
        said("1100"),
        said("0000", configuration=None, msgUID=None, msgTimestamp=None),
        said("7000", msgBoot="b", msgSeq=3),
        said("4242", arguments=["a", "b"], depth={"x": [1, 2.5, None]}),
        said("8888", jobuid=None),
        said("-9001", count=3),
        old("9000", command="rm"),
        old("9999"),
        old("2000"),
        old("4242"),
        said("1000", jobWarningDelay="0"),
        said("1100", msgTimestamp="2099-01-01T00:00:00Z"),
        said("1100", msgProducer="é", msgProducerVersion=None),
        said("7010", data="x" * 1_000_000),
    ],
    ids=range(14),
)
def test_a_message_comes_back_as_it_went(message: dict[str, Any]) -> None:
    sent = read(message, replace(SMTP, mail="ab" * 32, sent_raw="x"))

    assert there_and_back(sent) == sent


@given(st.dictionaries(st.text("abc é\U0001f600", max_size=5), st.text('a"\\\n é', max_size=9)))
def test_any_fields_come_back_as_they_went(fields: dict[str, str]) -> None:
    sent = read({**said("4242"), **{f"x{name}": value for name, value in fields.items()}})

    assert there_and_back(sent) == sent


def test_its_properties_are_those_of_the_contract() -> None:
    message = read(said("0000"), replace(SMTP, mail="cafe"))

    key, properties, body = to_amqp(message)

    assert key == "prod.smtp.libigcm.monitoring.0000"
    assert properties == Properties(
        message_id=UID,
        type="0000",
        app_id="monitoring",
        timestamp=1520233201,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=2,
        priority=4,
        headers={
            "producer_id": "libigcm",
            "producer_version": "2.8.4",
            "timestamp": "2018-03-05T07:00:01.123456+00:00",
            "timestamp_raw": "2018-03-05T08:00:01.123456789+0100",
            "correlation_id_1": RUN,
            "correlation_id_2": JOB,
            "mail_id": "cafe",
            "received_at": "2018-03-05T12:00:00.000000+00:00",
            "door": "smtp",
            "dialect": "2016",
            "digest": message.digest,
        },
    )
    assert codec.decode_object(body) == message.body


def test_the_received_code_of_2014_travels_in_a_header() -> None:
    key, properties, _ = to_amqp(read(old("9000")))

    assert key == "prod.http.libigcm.monitoring.1900"
    assert properties.headers["received_code"] == "9000"
    assert properties.headers["dialect"] == "2014"
    assert "producer_version" not in properties.headers


def test_a_foreign_producer_needs_little() -> None:
    message = take()

    assert message.uid == UID
    assert (message.user, message.producer_version, message.door) == ("tgcc", "2.8.4", "amqp")
    assert (message.simulation_uid, message.job_uid) == (RUN, JOB)
    assert message.timestamp == datetime(2018, 3, 5, 7, 0, 1, tzinfo=UTC)
    assert message.received_at == NOW
    assert message.digest == codec.digest({"simuid": RUN, "jobuid": JOB})
    assert message.flags == ()


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1520233201, "2018-03-05T07:00:01+00:00"),
        (1520233201123456, "2018-03-05T07:00:01.123456+00:00"),
        (0, "1970-01-01T00:00:00+00:00"),
    ],
)
def test_sixteen_digits_of_a_timestamp_are_microseconds(count: int, expected: str) -> None:
    assert take(properties=raw(timestamp=count)).timestamp.isoformat() == expected


def test_the_header_with_microseconds_wins_over_the_seconds() -> None:
    headers = {**HEADERS, "timestamp": "2018-03-05T07:00:02.5Z", "timestamp_raw": "raw"}

    message = take(properties=raw(headers=headers))

    assert message.timestamp == datetime(2018, 3, 5, 7, 0, 2, 500000, UTC)
    assert message.timestamp_raw == "raw"


def test_without_any_time_its_arrival_counts() -> None:
    message = take(properties=raw(timestamp=None))

    assert message.timestamp == NOW
    assert message.flags == ("timestamp-missing",)


@pytest.mark.parametrize("kind", ["application/base64", "application/base64+json"])
def test_a_body_may_be_base64(kind: str) -> None:
    body = base64.b64encode(BODY)

    assert take(properties=raw(content_type=kind), body=body) == take()


@pytest.mark.parametrize("kind", [None, "APPLICATION/JSON", 'application/json; charset="UTF-8"'])
def test_json_may_be_said_in_other_words(kind: str | None) -> None:
    assert take(properties=raw(content_type=kind, content_encoding="UTF-8")) == take()


def test_flags_of_the_door_are_kept_once() -> None:
    headers = {**HEADERS, "flags": "repaired-padding,timestamp-missing"}

    message = take(properties=raw(headers=headers, timestamp=None))

    assert message.flags == ("repaired-padding", "timestamp-missing")


def test_an_arrival_later_than_now_is_now() -> None:
    headers = {**HEADERS, "received_at": "2099-01-01T00:00:00Z"}

    assert take(properties=raw(headers=headers)).received_at == NOW


def test_correlation_ids_stand_in_for_fields() -> None:
    headers = {**HEADERS, "correlation_id_1": RUN.upper(), "correlation_id_2": JOB}

    message = take("prod.a.libigcm.unknown.4242", raw(headers=headers), b"{}")

    assert isinstance(message, UnknownMessage)
    assert (message.simulation_uid, message.job_uid) == (RUN, JOB)


def test_internal_codes_pass_only_where_the_platform_alone_may_write() -> None:
    key = "prod.prodiguer.libigcm.internal.-2000"

    assert isinstance(take(key, inside=True), EventRaised)
    refused = refusal(key)
    assert (refused.reason, refused.message_code) == ("internal-code: -2000", "-2000")


def test_a_type_that_was_unknown_when_it_was_routed_is_known_now() -> None:
    message = take("prod.a.libigcm.unknown.1100")

    assert (type(message).__name__, message.app) == ("JobEnded", "monitoring")


OLD = {"producer_id": "libigcm", "dialect": "2014"}


def test_the_dialect_of_2014_needs_no_version() -> None:
    trace = take("prod.a.libigcm.legacy.2000", raw(headers=OLD))
    failed = take("prod.a.libigcm.monitoring.1900", raw(headers={**OLD, "received_code": "9000"}))

    assert (type(trace), trace.producer_version) == (LegacyTrace, "")
    assert (type(failed), failed.received_code) == (CommandFailed, "9000")


@pytest.mark.parametrize(
    ("key", "changes", "reason"),
    [
        ("prod.a.b", {}, "bad-field: routing_key"),
        (KEY.upper(), {}, "bad-field: routing_key"),
        (KEY, {"message_id": None}, "missing-fields: message_id"),
        (KEY, {"message_id": "x" * 256}, "bad-field: message_id"),
        (KEY, {"message_id": 5}, "bad-field: message_id"),
        (KEY, {"type": "1000"}, "misrouted: type"),
        (KEY, {"app_id": "metrics"}, "misrouted: app_id"),
        ("prod.a.libigcm.metrics.1100", {}, "misrouted: app"),
        ("prod.a.other.monitoring.1100", {}, "misrouted: producer_id"),
        ("prod.a.libigcm.superviseur.8000", {}, "internal-code: 8000"),
        (KEY, {"timestamp": -1}, "bad-field: timestamp"),
        (KEY, {"timestamp": 2**63}, "bad-field: timestamp"),
        (KEY, {"timestamp": "now"}, "bad-field: timestamp"),
        (KEY, {"timestamp": True}, "bad-field: timestamp"),
        (KEY, {"timestamp": 1520233201123}, "bad-field: timestamp"),
        (KEY, {"content_type": "text/plain"}, "bad-field: content_type"),
        (KEY, {"content_type": "application/json; charset=latin-1"}, "bad-field: content_type"),
        (KEY, {"content_type": "application/json; boundary=x"}, "bad-field: content_type"),
        (KEY, {"content_encoding": "gzip"}, "bad-field: content_encoding"),
        (KEY, {"content_type": "application/base64"}, "not-base64: byte 0"),
        (KEY, {"headers": {}}, "missing-fields: producer_id, producer_version"),
        (KEY, {"headers": {"producer_id": "libigcm"}}, "missing-fields: producer_version"),
        (KEY, {"headers": {**HEADERS, "producer_version": []}}, "bad-field: producer_version"),
        (KEY, {"headers": {**HEADERS, "producer_id": b"libigcm"}}, "misrouted: producer_id"),
        (KEY, {"headers": {**HEADERS, "dialect": "2015"}}, "bad-field: dialect"),
        (KEY, {"headers": {**HEADERS, "dialect": 2014}}, "bad-field: dialect"),
        (KEY, {"headers": {**HEADERS, "received_code": "9000"}}, "bad-field: received_code"),
        (KEY, {"headers": {**OLD, "received_code": "9000"}}, "bad-field: received_code"),
        (KEY, {"headers": {**HEADERS, "timestamp": "yesterday"}}, "bad-field: timestamp"),
        (KEY, {"headers": {**HEADERS, "timestamp_raw": "9" * 65}}, "bad-field: timestamp_raw"),
        (KEY, {"headers": {**HEADERS, "received_at": 5}}, "bad-field: received_at"),
        (KEY, {"headers": {**HEADERS, "digest": "short"}}, "bad-field: digest"),
        (KEY, {"headers": {**HEADERS, "flags": "A,b"}}, "bad-field: flags"),
        (KEY, {"headers": {**HEADERS, "mail_id": "../x"}}, "bad-field: mail_id"),
        (KEY, {"headers": {**HEADERS, "door": "a b"}}, "bad-field: door"),
        ("prod.a.libigcm.monitoring.2000", {"headers": OLD}, "misrouted: app"),
        ("prod.a.libigcm.metrics.7011", {}, "missing-fields: centre, accountingProject, data"),
    ],
)  # fmt: skip
def test_a_producer_that_breaks_a_rule_is_refused(
    key: str, changes: dict[str, Any], reason: str
) -> None:
    assert refusal(key, raw(**changes)).reason == reason


def test_a_refusal_names_the_code_where_it_can_be_read() -> None:
    assert refusal(body=b"[]").message_code == "1100"
    assert refusal("no key", raw(type="1100")).message_code == "1100"
    assert refusal("no key", raw(type=5)).message_code is None


def test_correlation_ids_must_be_uuids_where_they_are_needed() -> None:
    headers = {**HEADERS, "correlation_id_1": "x"}

    assert take(properties=raw(headers=headers)).simulation_uid == RUN
    refused = refusal("prod.a.libigcm.unknown.4242", raw(headers=headers), b"{}")
    assert refused.reason == "bad-field: correlation_id_1"


def test_a_body_may_hold_a_message_and_its_attachment() -> None:
    body = codec.encode({"centre": "TGCC", "data": "x" * (2 * 1024 * 1024)})

    assert len(take("prod.a.libigcm.metrics.7010", body=body).body["data"]) == 2 * 1024 * 1024
    assert refusal(body=b" " * (BODY_LIMIT + 1)).reason == "too-large: message"


def test_a_key_that_cannot_be_spoken_is_not_sent() -> None:
    with pytest.raises(Refused, match="routing_key"):
        to_amqp(replace(read(said()), user="not.a.word"))
