from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer.wire import timestamps

OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30))  # noqa: DTZ001 - zone follows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-03-05T08:00:01.123456789+0100", "2018-03-05T07:00:01.123456+00:00"),
        ("2018-03-05T08:00:01.999999999Z", "2018-03-05T08:00:01.999999+00:00"),
        ("2018-03-05T08:00:01.123456+01:00", "2018-03-05T07:00:01.123456+00:00"),
        ("2018-03-05T08:00:01.123-0330", "2018-03-05T11:30:01.123000+00:00"),
        ("2018-03-05T08:00:01.1Z", "2018-03-05T08:00:01.100000+00:00"),
        ("2018-03-05T08:00:01Z", "2018-03-05T08:00:01+00:00"),
        ("2018-03-05T08:00:01+14:00", "2018-03-04T18:00:01+00:00"),
        ("2200-12-31T23:59:59Z", "2200-12-31T23:59:59+00:00"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_all_forms_of_clients_are_read_in_utc(text: str, expected: str) -> None:
    assert timestamps.parse(text).isoformat() == expected
    assert timestamps.parse(text).tzinfo is UTC


@given(TIMES, OFFSETS, st.integers(0, 10**9 - 1), st.integers(1, 12), st.booleans())
def test_what_a_client_writes_is_the_time_that_it_meant(
    local: datetime, offset: int, nanoseconds: int, digits: int, colon: bool
) -> None:
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    zone = f"{sign}{minutes // 60:02d}{':' if colon else ''}{minutes % 60:02d}"
    fraction = f"{nanoseconds:09d}000"[:digits]
    text = f"{local.strftime('%Y-%m-%dT%H:%M:%S')}.{fraction}{zone}"

    meant = local.replace(
        microsecond=int(f"{fraction}000000"[:6]), tzinfo=timezone(timedelta(minutes=offset))
    )

    assert timestamps.parse(text) == meant


@given(TIMES)
def test_microseconds_and_back_is_the_same_time(local: datetime) -> None:
    time = local.replace(tzinfo=UTC)

    assert timestamps.from_microseconds(timestamps.to_microseconds(time)) == time


@given(st.text(max_size=40))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        time = timestamps.parse(text)
    except ValueError:
        return
    assert 1970 <= time.year <= 2200


@pytest.mark.parametrize("count", [-1, 10**30, 253402300800 * 10**6, 7_300_000_000 * 10**6])
def test_numbers_out_of_the_years_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=r"calendar|year"):
        timestamps.from_microseconds(count)
