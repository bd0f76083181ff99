"""The rules of a message that clients write: ids, times, producers, codes, fields."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prodiguer import (
    CommandFailed,
    JobEnded,
    JobFailed,
    LegacyTrace,
    PostProcessingStarted,
    SimulationStarted,
    UnknownMessage,
)
from prodiguer.errors import Refused
from prodiguer.wire import codec, intake
from support.wire import DATE, HTTP, JOB, NOW, RUN, SMTP, UID, old, read, said


def refusal(element: dict[str, Any], origin: Any = HTTP) -> Refused:
    with pytest.raises(Refused) as caught:
        read(element, origin)
    return caught.value


def test_a_message_has_its_envelope_from_its_msg_fields() -> None:
    message = read(said("1100", arguments=["a", "b"], other="kept"))

    assert isinstance(message, JobEnded)
    assert message.uid == UID
    assert message.routing_key == "prod.http.libigcm.monitoring.1100"
    assert (message.producer, message.producer_version, message.dialect) == (
        "libigcm", "2.8.4", "2016",
    )  # fmt: skip
    assert (message.simulation_uid, message.job_uid) == (RUN, JOB)
    assert message.timestamp == datetime(2018, 3, 5, 7, 0, 1, 123456, UTC)
    assert message.timestamp_raw == "2018-03-05T08:00:01.123456789+0100"
    assert message.body == {
        "simuid": RUN, "jobuid": JOB, "arguments": ["a", "b"], "other": "kept",
    }  # fmt: skip
    assert message.flags == ()
    assert (message.boot, message.seq, message.mail) == (None, None, None)


def test_the_digest_is_that_of_the_whole_object_in_any_order() -> None:
    element = said()

    assert read(element).digest == codec.digest(element)
    assert read(dict(reversed(element.items()))).digest == codec.digest(element)
    assert read(said(msgTimestamp="2018-03-05T08:00:01Z")).digest != codec.digest(element)


def test_what_clients_call_the_application_is_ignored() -> None:
    assert read(said("7000", msgApplication="monitoring")).app == "metrics"


def test_an_id_that_is_missing_is_derived_from_the_bytes() -> None:
    raw = json.dumps(said(msgUID=None)).encode()
    first, again = read(raw), read(raw)
    other = read(raw.replace(b"2.8.4", b"2.8.5"))

    assert first.uid == again.uid != other.uid
    assert uuid.UUID(first.uid).version == 5
    assert first.flags == ("uid-derived",)


def test_a_derived_id_does_not_depend_on_the_final_newline_but_on_the_date_of_the_mail() -> None:
    raw = json.dumps(said(msgUID="")).encode()
    mail = replace(SMTP, sent_raw=DATE)
    later = replace(SMTP, sent_raw=DATE.replace("05 Mar", "06 Mar"))

    assert read(raw, mail).uid == read(raw + b"\n", mail).uid
    assert read(raw, mail).uid != read(raw, later).uid
    assert read(raw, mail).uid == read(raw, replace(mail, received_at=NOW + timedelta(1))).uid


def test_derived_ids_never_change_from_one_version_to_the_next() -> None:
    assert (
        intake.derived_uid(b'{"msgCode":"0000"}\n', replace(SMTP, sent_raw="x"))
        == "5cd5a5f9-2367-5ba3-8a1f-1085ab5df576"
    )
    assert intake.part_uid(UID, b"part") == "27c14cf8-2d24-5558-a773-f97e1bd37f2d"


def test_a_time_that_is_missing_is_that_of_the_mail_or_else_of_its_arrival() -> None:
    sent = NOW - timedelta(hours=3)

    in_mail = read(said(msgTimestamp="null"), replace(SMTP, sent_at=sent))
    without_date = read(said(msgTimestamp=None), SMTP)

    assert in_mail.timestamp == sent
    assert without_date.timestamp == NOW
    for message in (in_mail, without_date):
        assert message.flags == ("timestamp-missing",)
        assert message.timestamp_raw is None


def test_a_time_of_the_future_is_kept_and_flagged_and_not_believed() -> None:
    message = read(said(msgTimestamp="2099-01-01T00:00:00Z"))

    assert message.timestamp.year == 2099
    assert message.time == NOW
    assert message.flags == ("timestamp-future",)


def test_a_clock_that_is_an_hour_ahead_is_believed() -> None:
    message = read(said(msgTimestamp="2018-03-05T13:00:00Z"))

    assert message.time == NOW + timedelta(hours=1)
    assert message.flags == ()


@pytest.mark.parametrize(
    ("given", "producer", "flags"),
    [
        ("libIGCM", "libigcm", ()),
        (None, "unknown", ()),
        ("", "unknown", ()),
        ("my tool", "unknown", ("producer-invalid",)),
        ("a.b", "unknown", ("producer-invalid",)),
        ("\u212aelvin", "unknown", ("producer-invalid",)),
        ("x" * 300, "unknown", ("producer-invalid",)),
        (7, "unknown", ("producer-invalid",)),
    ],
)
def test_the_producer_is_a_word(given: Any, producer: str, flags: tuple[str, ...]) -> None:
    message = read(said(msgProducer=given))

    assert message.producer == producer
    assert message.flags == flags


@pytest.mark.parametrize(
    ("producer", "version", "dialect", "expected"),
    [
        ("libigcm", None, "2014", ""),
        ("libIGCM", "", "2014", ""),
        ("libigcm", "2.8", "2016", "2.8"),
        ("libigcm", 2, "2016", "2"),
        ("prodiguer", None, "2016", "0"),
        (None, None, "2016", "0"),
    ],
)
def test_only_libigcm_without_a_version_speaks_the_dialect_of_2014(
    producer: str | None, version: Any, dialect: str, expected: str
) -> None:
    message = read(said(msgProducer=producer, msgProducerVersion=version))

    assert (message.dialect, message.producer_version) == (dialect, expected)


@pytest.mark.parametrize(
    ("code", "type_", "routed", "received", "app"),
    [
        ("9000", CommandFailed, "1900", "9000", "monitoring"),
        ("9999", JobFailed, "1999", "9999", "monitoring"),
        ("2000", LegacyTrace, "2000", None, "legacy"),
        ("3000", LegacyTrace, "3000", None, "legacy"),
        ("1100", JobEnded, "1100", None, "monitoring"),
        ("0000", SimulationStarted, "0000", None, "monitoring"),
        ("4242", UnknownMessage, "4242", None, "unknown"),
    ],
)
def test_codes_of_2014_are_translated(
    code: str, type_: type, routed: str, received: str | None, app: str
) -> None:
    message = read(old(code))

    assert type(message) is type_
    assert (message.code, message.received_code, message.app) == (routed, received, app)


@pytest.mark.parametrize(
    ("code", "type_"),
    [("9000", UnknownMessage), ("9999", UnknownMessage), ("2000", PostProcessingStarted)],
)
def test_codes_of_today_are_not(code: str, type_: type) -> None:
    message = read(said(code))

    assert type(message) is type_
    assert message.received_code is None


def test_all_missing_fields_are_named() -> None:
    refused = refusal(said("0000", jobuid="N/A", name="null", model=""))

    assert refused.reason == "missing-fields: jobuid, name, model"
    assert refused.message_code == "0000"


def test_an_experiment_may_be_missing_and_a_number_of_a_period_empty() -> None:
    assert read(said("0000", experiment="")).flags == ()
    assert read(said("1001", CumulPeriod="")).get("CumulPeriod") is None
    assert refusal(said("1001", CumulPeriod=None)).reason == "missing-fields: CumulPeriod"


def test_values_that_are_no_text_count_as_present() -> None:
    assert read(said("0000", name=12, login=True)).get("name") == "12"
    assert refusal(said("0000", name=["a"])).reason == "bad-field: name"


@pytest.mark.parametrize("name", ["simuid", "jobuid"])
@pytest.mark.parametrize("code", ["1100", "4242", "7100", "2000"])
@pytest.mark.parametrize("value", ["not-a-uuid", 5, ["x"], "x" * 10_000, str(uuid.UUID(int=0))])
def test_a_run_or_job_that_is_no_uuid_is_refused_wherever_it_stands(
    name: str, code: str, value: Any
) -> None:
    assert refusal(said(code, **{name: value})).reason == f"bad-field: {name}"


def test_runs_and_jobs_are_optional_where_the_type_says_so() -> None:
    message = read(said("7100", simuid="", jobuid="N/A"))

    assert (message.simulation_uid, message.job_uid) == (None, None)


def test_uuids_are_compared_in_lower_case() -> None:
    message = read(said(simuid=RUN.upper(), jobuid=f"{{{JOB}}}"))

    assert (message.simulation_uid, message.job_uid) == (RUN, JOB)
    assert message.body["simuid"] == RUN.upper()


@pytest.mark.parametrize("centre", ["IDRIS", "idris", "Idris"])
def test_an_accounting_report_of_idris_needs_its_project(centre: str) -> None:
    report = said("7010", centre=centre, accountingProject="")

    assert refusal(report).reason == "missing-fields: accountingProject"
    assert read({**report, "accountingProject": "abc"}).flags == ()
    assert read({**report, "centre": "TGCC"}).flags == ()


def test_a_run_without_its_card_is_flagged() -> None:
    assert read(said("0000", configuration=None)).flags == ("card-missing",)


@pytest.mark.parametrize(
    ("boot", "seq", "expected"),
    [
        ("b-1", 7, ("b-1", 7, ())),
        ("b-1", "7", ("b-1", 7, ())),
        (None, None, (None, None, ())),
        ("", "", (None, None, ())),
        ("b-1", -1, ("b-1", None, ("seq-invalid",))),
        ("b-1", "seven", ("b-1", None, ("seq-invalid",))),
        ("b-1", 1.5, ("b-1", None, ("seq-invalid",))),
        ("b-1", True, ("b-1", None, ("seq-invalid",))),
        ("b-1", "9" * 30, ("b-1", None, ("seq-invalid",))),
        (5, 1, (None, 1, ("seq-invalid",))),
        ("\n", 1, (None, 1, ("seq-invalid",))),
    ],
)
def test_the_sequence_serves_gaps_and_refuses_nothing(
    boot: Any, seq: Any, expected: tuple[Any, ...]
) -> None:
    message = read(said(msgBoot=boot, msgSeq=seq))

    assert (message.boot, message.seq, message.flags) == expected
    assert not any(name.startswith("msg") for name in message.body)
