"""What commands print: tables for people, plain columns for pipes, JSON and CSV for programs."""

from __future__ import annotations

import csv
import itertools
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

#: Control characters and those that turn the direction of text: names must not drive a terminal.
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)
#: Blanks between columns, and how many columns are shown in however narrow a terminal.
_GAP, _LEAST = 2, 2
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")
#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = tuple("=+-@\t\r")


def clean(value: Any) -> str:
    """A value as one line of text that is safe on a terminal."""
    if value is None or value == []:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(clean, value))
    if isinstance(value, float):
        return f"{value:.3g}"
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", str(value))


def json_line(value: Any, *, one: bool = False) -> None:
    """One JSON document on standard output.

    Args:
        value: of the types of JSON.
        one: one line of a stream, on a terminal too.
    """
    indent = 2 if sys.stdout.isatty() and not one else None
    line = json.dumps(value, ensure_ascii=False, indent=indent)
    # JSON itself escapes C0 alone; the others steer terminals too. Line feeds are of the indent.
    print(_CONTROLS.sub(_escaped, line))  # noqa: T201 - a command prints


def _escaped(control: re.Match[str]) -> str:
    return control[0] if control[0] == "\n" else f"\\u{ord(control[0]):04x}"


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Rows as a table; to a pipe as columns that are parted by tabs, with a header."""
    if not sys.stdout.isatty():
        lines = ("\t".join(clean(row.get(name)) for name in columns) for row in rows)
        first = list(itertools.islice(lines, 1))  # what fails here fails before the header
        for line in itertools.chain(["\t".join(columns)], first, lines):
            print(line)  # noqa: T201 - a command prints
        return
    texts = [[_for_eyes(name, row.get(name)) for name in columns] for row in rows]
    console = Console()
    grid = Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))
    shown = _fitting(columns, texts, console.width)
    for name in columns[:shown]:
        grid.add_column(name.replace("_", " "), overflow="fold")
    for cells in texts:
        grid.add_row(*map(Text, cells[:shown]))
    console.print(grid)


def _fitting(columns: Sequence[str], texts: Sequence[Sequence[str]], width: int) -> int:
    """How many columns fit whole; the first ones matter most, the others are in `--json`."""
    used = 0
    for index, name in enumerate(columns):
        used += max([len(name), *(len(cells[index]) for cells in texts)]) + _GAP
        if used - _GAP > width and index >= _LEAST:
            return index
    return len(columns)


def _for_eyes(name: str, value: Any) -> str:
    if name == "progress" and isinstance(value, float | int):
        return f"{int(value * 100 + 1e-9)} %"
    return short(value)


def short(value: Any) -> str:
    """A value for the eye: times to the second."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]} {found[2]}" if found else clean(value)


def fields(values: Mapping[str, Any]) -> None:
    """One object, a field a line."""
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        print(f"{name:<{width}}  {clean(value)}")  # noqa: T201 - a command prints


def comma_separated(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Rows as CSV with a header; cells that a spreadsheet would run are quoted.

    Without control characters: what is meant for a file is looked at in a terminal first.
    """
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{shown}" if text.startswith(_FORMULA) else shown


def say(text: str, *, quiet: bool = False) -> None:
    """A word to the user, beside the output: on standard error."""
    if not quiet:
        print(clean_lines(text), file=sys.stderr)  # noqa: T201 - a command prints


def clean_lines(text: str) -> str:
    """A text of several lines that is safe on a terminal."""
    return "\n".join(clean(line) for line in text.splitlines())


def heading(title: str) -> None:
    """A line that parts one table from the next."""
    print(f"\n{title}:")  # noqa: T201 - a command prints


def text(value: str) -> None:
    """A text of several lines, as it is but for control characters."""
    print(clean_lines(value))  # noqa: T201 - a command prints


def plain(value: Any) -> Any:
    """A value as JSON and tables show it: times in RFC 3339, tuples as words."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return ", ".join(value) if isinstance(value, tuple) else value


class Bar:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, title: str, shown: bool) -> None:
        self._progress = Progress(console=Console(stderr=True), disable=not shown)
        self._task = self._progress.add_task(title)

    def expect(self, total: int) -> None:
        """So much there is to do."""
        self._progress.update(self._task, total=total)

    def advance(self, step: int) -> None:
        """So much more is done."""
        self._progress.advance(self._task, step)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def progress(title: str, quiet: bool) -> Bar:
    """A bar to be used in a ``with`` statement."""
    return Bar(title, shown=not quiet and sys.stderr.isatty())
