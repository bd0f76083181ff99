"""Live events in words, as `watch` prints them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from prodiguer.cli.event_lines import REMEMBERED, EventLines

TODAY = datetime.now(UTC).date().isoformat()
AT = f"{TODAY}T12:03:04.123456Z"

RUN = {
    "uid": "run-1", "name": "piControl.03", "login": "amartin", "machine": "irene",
    "state": "running", "progress": 0.428, "try": 1, "tries": 1,
}  # fmt: skip
JOB = {
    "uid": "job-1", "simulation_uid": "run-1", "kind": "compute", "state": "complete",
    "scheduler_id": "4711", "post_processing": {"name": None}, "failed_commands": 0,
}  # fmt: skip
PERIOD = {"simulation_uid": "run-1", "number": 12, "begin": "18500101", "end": "18500131"}
MESSAGE = {"code": "1001", "name": "period", "producer": "libigcm", "simulation_uid": "run-1"}
MAIL = {"sender": "jobs@centre.example", "messages": {"1000": 2, "1001": 1}, "dead": 0}
LETTER = {"reason": "not-base64", "stage": "decode", "door": "smtp", "resent_at": None}


def event(type: str, data: dict[str, Any] | None, at: str = AT) -> dict[str, Any]:
    return {"seq": 7, "type": type, "at": at, "uid": "uid-1", "data": data}


@pytest.mark.parametrize(
    ("type", "data", "words"),
    [
        ("simulation", RUN, "run          piControl.03 (amartin, irene)  running 42 %"),
        ("simulation", {**RUN, "try": 2, "tries": 3},
         "run          piControl.03 (amartin, irene)  running 42 %  try 2 of 3"),
        ("simulation", {**RUN, "name": None, "login": None, "machine": None},
         "run          run-1  running 42 %"),
        ("job", JOB, "job          compute 4711 of run-1  complete"),
        ("job", {**JOB, "kind": "post_processing", "post_processing": {"name": "atlas"},
                 "scheduler_id": None, "failed_commands": 2},
         "job          post-processing atlas job-1 of run-1  complete  2 failed commands"),
        ("period", PERIOD, "period       12 of run-1  18500101 to 18500131"),
        ("message", MESSAGE, "message      1001 period  from libigcm of run-1"),
        ("mail", MAIL, "mail         from jobs@centre.example  3 messages"),
        ("mail", {**MAIL, "messages": {"1000": 1}, "dead": 2},
         "mail         from jobs@centre.example  1 message  2 dead"),
        ("dead-letter", LETTER, "dead letter  not-base64  decode at the door smtp"),
        ("dead-letter", {**LETTER, "resent_at": AT},
         "dead letter  not-base64  decode at the door smtp  sent again"),
        ("job", None, "job          uid-1  is gone, or too large to be shown here"),
        ("of-a-later-version", {"any": 1}, "of-a-later-version  uid-1"),
    ],
)  # fmt: skip
def test_an_event_is_a_line(type: str, data: dict[str, Any], words: str) -> None:
    assert EventLines().line(event(type, data)) == f"12:03:04  {words}"


def test_what_belongs_to_a_run_is_said_with_its_name() -> None:
    lines = EventLines()
    lines.line(event("simulation", RUN))

    assert "compute 4711 of piControl.03  " in lines.line(event("job", JOB))
    assert "12 of piControl.03  " in lines.line(event("period", PERIOD))


def test_names_of_many_runs_do_not_fill_the_memory() -> None:
    lines = EventLines()
    for number in range(REMEMBERED + 1):
        lines.line(event("simulation", {**RUN, "uid": f"run-{number}"}))

    assert " of run-0  " in lines.line(event("job", {**JOB, "simulation_uid": "run-0"}))
    assert " of piControl.03  " in lines.line(event("job", JOB))


def test_another_day_is_said() -> None:
    line = EventLines().line(event("mail", MAIL, at="2019-03-04T12:03:04Z"))

    assert line.startswith("2019-03-04 12:03:04  mail ")


def test_no_name_steers_a_terminal() -> None:
    evil = "a\x1b]0;t\x07\x1b[2J\x9b31m\u202eb\r\nc\x7f"
    told = [
        ("simulation", {**RUN, "name": evil, "login": evil, "machine": evil, "state": evil}),
        ("job", {**JOB, "kind": evil, "scheduler_id": evil, "state": evil,
                 "post_processing": {"name": evil}}),
        ("period", {**PERIOD, "number": evil, "simulation_uid": evil, "begin": evil, "end": evil}),
        ("message", {"code": evil, "name": evil, "producer": evil, "simulation_uid": evil}),
        ("mail", {**MAIL, "sender": evil}),
        ("dead-letter", {**LETTER, "reason": evil, "stage": evil, "door": evil}),
        (evil, {"any": 1}),
    ]  # fmt: skip
    lines = EventLines()
    for kind, data in told:
        line = lines.line({**event(kind, data), "uid": evil})
        assert all(character.isprintable() for character in line), line


def test_what_was_missed_is_said() -> None:
    assert "missed" in EventLines().line({"type": "reset", "seq": 12})
