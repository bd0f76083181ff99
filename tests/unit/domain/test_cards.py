"""Config cards as runs send them."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from prodiguer.domain.card import calendar_type, decode
from prodiguer_sim_mon import app
from support.memory import agreed
from support.monitoring import at, say

REAL = Path(__file__).parents[4] / "shared/data/config.card.sample.txt"


def shown(*messages) -> str | None:
    return agreed(app, messages, at(9)).simulations["run"].config_card


def packed(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.skipif(not REAL.exists(), reason="the real samples lie outside of the project")
def test_a_real_card_is_read():
    text = REAL.read_text()

    assert shown(say("0000", configuration=packed(text))) == text
    assert calendar_type(text) == "noleap"


def test_of_several_cards_the_first_in_order_stays():
    first = say("0000", 1, configuration=packed("first"))
    second = say("0000", 2, configuration=packed("second"))

    assert shown(second, first) == "first"
    assert shown(say("0000", 0), second) == "second"


@pytest.mark.parametrize(
    ("line", "calendar"),
    [
        ("CalendarType=360d", "360d"),
        ("  CalendarType = noleap  # as ever", "noleap"),
        ('CalendarType="leap"', "leap"),
        ("CalendarType=LEAP\r", "leap"),
        ("#-- CalendarType=leap", None),
        ("CalendarType=", None),
        ("CalendarType=lunar", None),
        ("MyCalendarType=leap", None),
    ],
)
def test_the_calendar_is_that_of_its_line(line, calendar):
    assert calendar_type(f"[UserChoices]\n{line}\nDateBegin=1991-01-01\n") == calendar


def test_a_card_may_be_wrapped_and_unpadded():
    text = packed("[UserChoices]\n").rstrip("=")

    assert decode(f"{text[:6]}\r\n{text[6:]}\n") == "[UserChoices]\n"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("dépôt".encode(), "dépôt"),
        ("dépôt".encode("latin-1"), "dépôt"),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\0b", "a\ufffdb"),
    ],
)
def test_every_charset_gives_a_text_that_a_database_takes(raw, text):
    assert decode(b64encode(raw).decode()) == text


@pytest.mark.parametrize("configuration", ["***", "é", "a", "null", ""])
def test_what_is_no_base64_is_no_card(configuration):
    assert shown(say("0000", configuration=configuration)) is None
