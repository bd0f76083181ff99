"""The sentences of the message manual about progress, one by one."""

from __future__ import annotations

from base64 import b64encode

import pytest

from prodiguer_sim_mon import app
from support.memory import agreed
from support.monitoring import at, say


def card(calendar: str) -> str:
    return b64encode(f"[UserChoices]\nCalendarType={calendar}\n".encode()).decode()


def progress(start, end, *periods, calendar=None, extra=()):
    body = {"startDate": start, "endDate": end}
    if calendar:
        body["configuration"] = card(calendar)
    told = [say("0000", 0, **body)]
    for number, period in enumerate(periods):
        begin, reached = period if isinstance(period, tuple) else (start, period)
        told.append(
            say("1001", 5, CumulPeriod=number, PeriodDateBegin=begin, PeriodDateEnd=reached)
        )
    return agreed(app, [*told, *extra], at(100)).simulations["run"].progress


def test_the_greatest_period_end_is_placed_between_start_and_end():
    assert progress("20000101", "20000111", "20000106") == 0.5
    assert progress("20000101", "20000111", "20000106", "20000102") == 0.5


@pytest.mark.parametrize(
    ("calendar", "days", "of"),
    [("leap", 60, 366), ("noleap", 59, 365), ("360d", 60, 360), ("LEAP", 60, 366)],
)
def test_in_the_calendar_of_the_config_card(calendar, days, of):
    assert progress("20000101", "20010101", "20000301", calendar=calendar) == days / of


@pytest.mark.parametrize("calendar", [None, "lunar"])
def test_else_in_the_gregorian_calendar(calendar):
    assert progress("19000101", "19010101", "19000301", calendar=calendar) == 59 / 365
    assert progress("20000101", "20010101", "20000301", calendar=calendar) == 60 / 366


@pytest.mark.parametrize("needs", ["18500230", "18500229"])
def test_else_in_360_days_if_any_date_needs_it(needs):
    days = int(needs[-2:]) + 29
    assert progress("18500101", "18510101", needs) == days / 360
    assert progress("18500101", "18510101", (needs, "18500401")) == 90 / 360


def test_a_start_or_an_end_date_can_need_360_days_too():
    assert progress("18500101", "18510230", "18500401") == 90 / (360 + 59)


def test_a_date_that_360_days_lack_is_ignored_under_a_card_of_360_days():
    assert progress("18500101", "18510101", "18500131", "18500130", calendar="360d") == 29 / 360


@pytest.mark.parametrize(
    "invalid", ["18501301", "1850-01-00", "18500132", "soon", "1850", "", "18500431", "1850-0101"]
)
def test_dates_that_are_invalid_are_ignored(invalid):
    assert progress("18500101", "18500111", "18500102", invalid) == 0.1


@pytest.mark.parametrize(
    ("start", "end"),
    [("soon", "18500111"), ("18500101", ""), ("18500111", "18500101"), (None, "18500111")],
)
def test_without_two_usable_bounds_there_is_no_progress(start, end):
    assert progress(start, end, ("18500101", "18500105")) == 0


@pytest.mark.parametrize(("reached", "expected"), [("18400101", 0), ("18600101", 1)])
def test_it_is_clamped(reached, expected):
    assert progress("18500101", "18510101", reached) == expected


def test_a_run_of_one_day_is_done_when_it_is_reached():
    assert progress("18500101", "18500101", "18491231") == 0
    assert progress("18500101", "18500101", "18500101") == 1


def test_it_is_1_while_complete_and_only_then():
    end = say("0100", 10)

    assert progress("18500101", "18510101", extra=[end]) == 1
    resumed = [end, say("1000", 11, job="b")]
    assert progress("18500101", "18500111", "18500102", extra=resumed) == 0.1


@pytest.mark.parametrize(
    ("start", "end", "reached"),
    [
        ("200000101", "200000111", "200000106"),
        ("-00500101", "-00500111", "-00500106"),
        ("-0050-01-01", "-0050-01-11", "-0050-01-06"),
        ("00000101", "00000111", "00000106"),
        ("1850-01-01", "18500111", "1850-01-06"),
    ],
)
def test_years_may_be_long_negative_or_zero(start, end, reached):
    assert progress(start, end, reached) == 0.5


def test_years_before_the_first_have_their_leap_days():
    assert progress("-00040101", "-00030101", "-00040301") == 60 / 366
    assert progress("-00050101", "-00040101", "-00050301") == 59 / 365


@pytest.mark.parametrize(
    ("before", "needing"),
    [("18501130", "18500230"), ("18500131", "18500130"), ("18501130", ("18500230", "18500101"))],
)
def test_adding_a_period_never_lowers_it_even_where_it_changes_the_calendar(before, needing):
    """The Gregorian placing of November 30 is further on than that among 360 days."""
    alone = progress("18500101", "18501230", before)

    assert progress("18500101", "18501230", before, needing) >= alone
