"""The map of the house shows the house: what it names is there, and every box has a row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAP = PAGE.partition("## What is where\n")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| `(\w+)/?` \|(.*)$", MAP, re.MULTILINE))
#: Names of files and folders; those of classes have capitals.
SAID = re.compile(r"`([a-z_]+(?:/[a-z_]*)*)`")


def test_every_box_has_a_row() -> None:
    boxes = {path.parent.name for path in (ROOT / "prodiguer").glob("*/__init__.py")}
    assert boxes | {"app", "apps"} == set(ROWS)


@pytest.mark.parametrize("box", sorted(ROWS))
def test_every_module_of_a_row_is_there(box: str) -> None:
    here = ROOT / "apps" if box == "apps" else ROOT / "prodiguer" / box
    files = {path.stem for path in here.rglob("*.py")} | {
        path.name for path in here.rglob("*") if path.is_dir()
    }
    named = {part for name in SAID.findall(ROWS[box]) for part in name.split("/") if part}
    assert named <= files


def test_every_floor_of_the_tower_is_named() -> None:
    tower = PAGE.partition("## The tower")[2].partition("\n## ")[0]
    top = {path.stem for path in (ROOT / "prodiguer").iterdir() if path.suffix == ".py"}
    top |= {path.parent.name for path in (ROOT / "prodiguer").glob("*/__init__.py")}
    assert top - {"__init__", "__main__"} <= set(SAID.findall(tower))
