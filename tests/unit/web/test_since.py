"""The parameter `since`: times and spans."""

from datetime import UTC, datetime

import pytest

from prodiguer.ports.queries import Span
from prodiguer.web import since

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1W", datetime(2026, 3, 24, 12, tzinfo=UTC)),
        ("2W", datetime(2026, 3, 17, 12, tzinfo=UTC)),
        ("1M", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ("3M", datetime(2025, 12, 31, 12, tzinfo=UTC)),
        ("6M", datetime(2025, 9, 30, 12, tzinfo=UTC)),
        ("12M", datetime(2025, 3, 31, 12, tzinfo=UTC)),
    ],
)
def test_a_span_is_counted_back_from_now_in_calendar_months(text: str, time: datetime) -> None:
    assert since.read(text, NOW) == Span(text, time)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05z",
        "2026-01-02 03:04:05.000Z",
        "2026-01-02T05:04:05+02:00",
        "2026-01-02T05:04:05 02:00",
        "2026-01-02T03:04:05.000000999Z",
    ],
)
def test_an_rfc_3339_time_is_read_in_utc(text: str) -> None:
    assert since.read(text, NOW) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_star_means_all_times() -> None:
    assert since.read("*", NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1w",
        "4M",
        "yesterday",
        "2026-01-02",
        "2026-01-02T03:04:05",
        "2026-02-30T00:00:00Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:05+99:99",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1767323045",
        "२०२६-01-02T03:04:05Z",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        since.read(text, NOW)
