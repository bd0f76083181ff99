"""Mails that computing centres really sent: each message that their own statistics count."""

from __future__ import annotations

import base64
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prodiguer.domain.message import Message
from prodiguer.wire.mail import MailFile, Tally, read_mail
from support.wire import CATALOG, SMTP, dead, messages


def read(path: Path) -> tuple[list[Message], Tally]:
    tally = Tally()
    with path.open("rb") as file:
        found = list(read_mail(MailFile(file), SMTP, CATALOG))
    for item in found:
        tally.note(item)
    return messages(found), tally


def traced(folder: Path) -> list[tuple[int, str, str, str, str, str]]:
    rows = []
    for text in (folder / "trace.txt").read_text().splitlines()[1:]:
        if text.strip():
            number, *words = [word.strip().strip("'") for word in text.split(",")]
            rows.append((int(number), *words))
    return rows  # type: ignore[return-value] # six words a row


def test_the_run_of_2014_has_all_messages_of_its_trace(real_data: Path) -> None:
    folder = real_data / "mail" / "run-2014"
    expected = traced(folder)

    found = [
        (number, m.code, m.uid, m.timestamp_raw, m.simulation_uid, m.job_uid)
        for number in range(1, 5)
        for m in read(folder / f"email-{number:02d}.eml")[0]
    ]

    assert len(found) == 6045
    assert Counter(found) == Counter(expected)


def test_the_run_of_2014_counts_as_its_statistics_do(real_data: Path) -> None:
    folder = real_data / "mail" / "run-2014"
    text = (folder / "stats-1.txt").read_text()
    rows = re.findall(r"^(\d{4})\t+(\d+)$", text, re.MULTILINE)
    expected = {code: int(count) for code, count in rows if int(count)}

    total: Counter[str] = Counter()
    for path in sorted(folder.glob("*.eml")):
        tally = read(path)[1]
        assert (tally.dead, tally.repairs) == (0, 0)
        total += tally.messages

    assert total == expected


def test_the_run_of_2015_fails_in_its_own_words(real_data: Path) -> None:
    folder = real_data / "mail" / "run-2015"
    tallies = [read(folder / f"email-{number:02d}.eml")[1] for number in range(1, 6)]

    assert [dict(tally.messages) for tally in tallies] == [
        {"7000": 145, "0000": 1},
        {"0000": 1},
        {"9000": 1},
        {"7000": 309, "9000": 301, "9999": 1},
        {"0000": 1},
    ]
    assert [tally.dead for tally in tallies] == [0] * 5


def test_its_codes_are_routed_as_those_of_today(real_data: Path) -> None:
    found, _ = read(real_data / "mail" / "run-2015" / "email-04.eml")

    routed = Counter((m.code, m.received_code, m.app, m.dialect) for m in found)

    assert routed == {
        ("7000", None, "metrics", "2014"): 309,
        ("1900", "9000", "monitoring", "2014"): 301,
        ("1999", "9999", "monitoring", "2014"): 1,
    }


def test_the_card_among_145_transfers_goes_to_the_run(real_data: Path) -> None:
    found, _ = read(real_data / "mail" / "run-2015" / "email-01.eml")

    (run,) = [m for m in found if m.code == "0000"]

    assert len(run.body["configuration"]) == 9608
    assert run.flags == ()
    assert run.timestamp == datetime(2015, 3, 18, 8, 46, 42, 343274, UTC)


def test_a_report_is_the_file_that_the_centre_attached(real_data: Path) -> None:
    found, _ = read(real_data / "mail" / "modern" / "7010-with-cpt.eml")

    report = base64.b64decode(found[0].body["data"])

    assert report == (real_data / "conso" / "conso_project_tgcc-f3-1.dat").read_bytes()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("7010-no-attachment", [("line", 1, "missing-attachment: data", "7010")]),
        (
            "batch-with-bad-lines",
            [
                ("line", 2, "not-base64: byte 0", None),
                ("line", 3, "not-json: byte 20", None),
                ("line", 5, "bad-field: simuid", "1000"),
            ],
        ),
        ("batch-monitoring", []),
        ("0000-with-config-card", []),
    ],
)
def test_bad_lines_are_dead_letters_and_the_others_go_on(
    real_data: Path, name: str, expected: list[tuple[str, int, str, str | None]]
) -> None:
    with (real_data / "mail" / "modern" / f"{name}.eml").open("rb") as file:
        found = dead(read_mail(MailFile(file), SMTP, CATALOG))

    assert [(one.form, one.position, one.reason, one.code) for one in found] == expected
