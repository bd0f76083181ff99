"""Logs: one line a record, and no flood from a library."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from prodiguer.telemetry import configure


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    found = io.StringIO()
    configure(stream=found)
    yield found
    root.handlers[:] = handlers
    root.setLevel(level)


def say(name: str, created: float) -> None:
    """As if a place in the code of this logger's library had said it at that time."""
    record = logging.LogRecord(name, logging.ERROR, "x.py", 7, "no more descriptors", None, None)
    record.created = created
    logging.getLogger(name).handle(record)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_library_that_says_the_same_without_end_is_heard_five_times_a_second(
    stream: io.StringIO,
) -> None:
    for number in range(10_000):
        say("asyncio", 1_000_000 + number / 5_000)

    assert [line.get("held_back") for line in lines(stream)] == [None] * 5 + [4995] + [None] * 4


def test_our_own_lines_are_all_there(stream: io.StringIO) -> None:
    for _ in range(100):
        say("prodiguer.web", 1_000_000)

    assert len(lines(stream)) == 100


def test_two_libraries_do_not_hold_each_other_back(stream: io.StringIO) -> None:
    for _ in range(100):
        say("asyncio", 1_000_000)
    say("tornado.application", 1_000_000)

    assert lines(stream)[-1]["logger"] == "tornado.application"
