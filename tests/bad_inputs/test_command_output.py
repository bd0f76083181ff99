"""Names from outside in what commands print: they drive neither a spreadsheet nor a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from live import Up, prodiguer

FORMULAS = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"]
TRICKS = ["\x1b[2J", "\x1b]0;owned\x07", "one\n2026 ERROR fake", "one\rtwo", "\x9b31m", "\u202egnp"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a platform with a run of each name."""
    up = Up(tmp_path_factory.mktemp("names"))
    words = dict.fromkeys(("centre", "machine", "login", "model", "space"), "x")
    ids = [f"00000000-0000-4000-8000-{n:012}" for n in range(1, 100)]
    try:
        up.post(
            [
                {"msgCode": "0000", "simuid": uid, "jobuid": uid, **words, "name": name}
                for uid, name in zip(ids, [*FORMULAS, *TRICKS], strict=False)
            ]
        )
        up.settle()
        yield up.url
    finally:
        up.stop()


@pytest.mark.bad_input("B052")
def test_a_formula_is_text_for_a_spreadsheet(url: str) -> None:
    done = prodiguer("simulations", "--csv", "--url", url)

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == len(FORMULAS) + len(TRICKS)
    names = {row["name"] for row in rows}
    assert {f"'{formula.strip()}" for formula in FORMULAS} <= {
        name.replace("\N{REPLACEMENT CHARACTER}", "") for name in names
    }
    assert [
        cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))
    ] == []


@pytest.mark.bad_input("B054")
def test_a_name_cannot_drive_a_terminal(url: str) -> None:
    done = prodiguer("simulations", "--url", url)

    lines = done.stdout.split("\n")
    assert len(lines) == len(FORMULAS) + len(TRICKS) + 2  # the header, and the end of the last line
    assert [c for c in done.stdout if not c.isprintable() and c not in "\n\t"] == []
    assert "\ufffd[2J" in done.stdout


@pytest.mark.bad_input("B054")
def test_a_failed_command_of_a_dead_letter_cannot_drive_a_terminal(url: str) -> None:
    up = f"--url={url}"
    prodiguer("send", "1900", "command=\x1b[2J", up)
    letter = prodiguer("dead", "list", up).stdout.splitlines()[1].split("\t")[0]

    shown = prodiguer("dead", "show", letter, up)

    assert shown.returncode == 0
    assert "missing-fields" in shown.stdout
    assert "\x1b" not in shown.stdout
