"""What is meant for programs is harmless on a terminal too."""

from __future__ import annotations

import csv
import io
import json

import pytest

from prodiguer.cli import output

#: Set a title, clear the screen, a C1 introducer, turn the text around, a second line.
EVIL = "a\x1b]0;t\x07\x1b[2J\x9b31m\u202eb\r\nc\x7f"


def test_json_keeps_every_character_and_writes_none_that_steers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.json_line({"name": EVIL, "é": [EVIL]})

    printed = capsys.readouterr().out
    assert json.loads(printed) == {"name": EVIL, "é": [EVIL]}
    assert "é" in printed
    assert all(character.isprintable() for character in printed.rstrip("\n"))


def test_csv_writes_no_character_that_steers(capsys: pytest.CaptureFixture[str]) -> None:
    output.comma_separated([{"name": EVIL, "login": "=1+1", "space": "\t=1"}], ["name", "login"])

    printed = capsys.readouterr().out
    (_, row) = csv.reader(io.StringIO(printed))
    assert row[0].replace("\N{REPLACEMENT CHARACTER}", "") == "a]0;t[2J31mbc"
    assert row[1] == "'=1+1"
    assert all(character.isprintable() for character in printed.replace("\r\n", ""))


def test_a_table_says_progress_in_per_cent_to_people_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"name": "a", "progress": 0.29}, {"name": "b", "progress": 1}, {"name": "c"}]

    output.table(rows, ["name", "progress"])
    assert "a\t0.29\n" in capsys.readouterr().out

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.table(rows, ["name", "progress"])
    shown = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert shown == [["a", "29", "%"], ["b", "100", "%"], ["c", "-"]]
