"""Names against the filter `q` of live connections."""

from __future__ import annotations

import time

import pytest

from prodiguer.web.live.names import matches


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("CM61-LR-PI", "lr-pi", True),
        ("CM61", "*", True),
        ("CM61", "c*6*1", True),
        ("CM61", "c*7*1", False),
        ("CM61", "m*", False),
        ("É", "é", False),
        ("caf\u00e9", "cafe\u0301", True),
        ("cafe\u0301", "CAF\u00e9", True),
        ("\ud800x", "X", True),
        (None, "*", False),
    ],
)
def test_ascii_in_both_cases_and_accents_in_both_forms(
    name: str | None, query: str, found: bool
) -> None:
    assert matches(name, query) is found


def test_names_as_long_as_a_message_may_be_take_no_time() -> None:
    name = "Né" * (1 << 19)
    began = time.process_time()

    # As many filters as scientists on a day.
    assert not any(matches(name, f"*{number}*a*b*c*") for number in range(40))

    assert time.process_time() - began < 0.8
