"""Dates of models' calendars."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from prodiguer.domain.calendars import CALENDARS, day_number, exists, needs_360d, parse

DAYS = st.tuples(st.integers(-9_999, 99_999), st.integers(1, 12), st.integers(1, 31))


@given(st.dates())
def test_the_leap_calendar_is_that_of_everyday_life(day: date):
    # 0000 is a leap year, and day 1 of Python is 0001-01-01.
    assert day_number((day.year, day.month, day.day), "leap") == day.toordinal() + 365


@given(DAYS, DAYS, st.sampled_from(CALENDARS))
def test_later_days_have_greater_numbers(one, other, calendar):
    if exists(one, calendar) and exists(other, calendar):
        numbers = day_number(one, calendar), day_number(other, calendar)
        assert (numbers[0] < numbers[1]) == (one < other)


@given(DAYS, st.sampled_from(CALENDARS))
def test_every_day_is_followed_by_the_next(day, calendar):
    if not exists(day, calendar):
        return
    year, month, number = day
    after = (year, month, number + 1)
    if not exists(after, calendar):
        after = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)

    assert day_number(after, calendar) == day_number(day, calendar) + 1


@given(DAYS)
def test_what_is_written_is_read(day):
    year, month, number = day
    wide = f"{year:05d}" if year < 0 else f"{year:04d}"
    known = day if any(exists(day, calendar) for calendar in CALENDARS) else None

    assert parse(f"{wide}{month:02d}{number:02d}") == known
    assert parse(f"{wide}-{month:02d}-{number:02d}") == known


def test_only_days_that_no_other_calendar_has_need_360_days():
    assert needs_360d((1850, 2, 30))
    assert needs_360d((1850, 2, 29))
    assert not needs_360d((2000, 2, 29))
    assert not needs_360d((1850, 2, 31))
