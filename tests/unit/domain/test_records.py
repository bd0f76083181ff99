"""What single messages leave behind."""

from __future__ import annotations

import pytest

from prodiguer.domain.records import failed_command, period
from support.monitoring import at, say


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), ("null", 0), ("7", 7), (7, 7), (" 08 ", 8), ("seven", None)]
)
def test_a_period_has_the_number_that_it_says_and_an_empty_one_means_0(text, number):
    begun = period(say("1001", 5, CumulPeriod=text, PeriodDateBegin="a", PeriodDateEnd="b"))

    assert (begun.number, begun.begin, begun.end, begun.at) == (number, "a", "b", at(5))


@pytest.mark.parametrize("code", ["1900", "2900", "3900"])
@pytest.mark.parametrize(("said", "command"), [("cp a b", "cp a b"), ("", None)])
def test_a_failed_command_is_kept_in_each_family(code, said, command):
    failed = failed_command(say(code, 5, command=said))

    assert (failed.command, failed.job_uid, failed.at) == (command, "job", at(5))


@pytest.mark.parametrize("code", ["1000", "1999", "8888"])
def test_other_messages_leave_no_such_rows(code):
    assert period(say(code)) is None
    assert failed_command(say(code)) is None
