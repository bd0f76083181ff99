from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodiguer.wire.mail import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 03 Nov 2014 21:36:39 +0100", "2014-11-03T20:36:39+00:00"),
        ("Mon, 3 Nov 2014 21:36:39 +0100 (CET)", "2014-11-03T20:36:39+00:00"),
        ("3 Nov 2014 20:36 -0330", "2014-11-04T00:06:00+00:00"),
        ("Mon, 03 Nov 2014 20:36:39 GMT", "2014-11-03T20:36:39+00:00"),
        ("03 Nov 14 20:36:39 EST", "2014-11-04T01:36:39+00:00"),
        ("1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_dates_of_mails_are_read_in_utc(text: str, expected: str) -> None:
    found = dates.parse(text)

    assert found is not None
    assert found.isoformat() == expected


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30)))  # noqa: DTZ001 - made aware below
def test_what_python_writes_is_read_as_python_reads_it(local: datetime) -> None:
    text = format_datetime(local.replace(tzinfo=UTC))

    assert dates.parse(text) == parsedate_to_datetime(text)


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "Mon, 31 Feb 2014 21:36:39 +0100", "3 Nov 0014 21:36:39 +0100",
     "3 Nov 2014 25:36:39 +0100", "3 Nov 2014 21:36:39 +9999", "3 Foo 2014 21:36:39 +0100",
     "3 Nov 2014 21:36:39", "3 Nov 2014 21:36:39 QQQ", "1 Jan 9999 00:00:00 +0000", "x" * 10**6],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.parse(text) is None
