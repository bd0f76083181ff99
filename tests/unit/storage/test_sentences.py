"""The lines of a timeline."""

from __future__ import annotations

from typing import Any

import pytest

from prodiguer.domain.lifecycle import TYPES
from prodiguer.storage.queries.sentences import LONGEST, sentence


@pytest.mark.parametrize(
    ("code", "body", "line"),
    [
        (
            "0000",
            {"name": "CM6", "machine": "irene", "centre": "tgcc"},
            "simulation CM6 starts on irene (tgcc)",
        ),
        ("0000", {}, "simulation starts"),
        ("0100", {}, "simulation ends"),
        ("1000", {"jobSchedulerID": 4711}, "compute job starts, scheduler id 4711"),
        ("1000", {"jobSchedulerID": "null"}, "compute job starts"),
        (
            "1001",
            {"CumulPeriod": "3", "PeriodDateBegin": "18500101", "PeriodDateEnd": "18501231"},
            "period 3 begins: 18500101 to 18501231",
        ),
        ("1001", {"CumulPeriod": ""}, "period 0 begins"),
        ("1900", {"command": "cp\n  a\tb"}, "command failed in compute job: cp a b"),
        ("2900", {}, "command failed in post-processing job"),
        (
            "2000",
            {"postProcessingName": "pack", "postProcessingDimn": "", "postProcessingFile": "f.nc"},
            "post-processing job starts: pack f.nc",
        ),
        ("3000", {}, "checker job starts"),
        ("8888", {}, "the simulation is deleted"),
        ("4242", {"command": "x"}, "unknown"),
        ("1900", {"command": {"not": "text"}}, "command failed in compute job"),
    ],
)
def test_each_message_is_a_line_for_a_reader(code: str, body: dict[str, Any], line: str) -> None:
    assert sentence(code, body, "unknown") == line


def test_every_lifecycle_message_has_a_line_of_its_own() -> None:
    assert [t.TYPE.code for t in TYPES if sentence(t.TYPE.code, {}, "?") == "?"] == []


def test_a_long_line_is_cut() -> None:
    line = sentence("1900", {"command": "x" * 100_000}, "")

    assert len(line) == LONGEST
    assert line.endswith("x…")
