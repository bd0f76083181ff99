"""Invented stories of runs for Hypothesis: as awkward as messages can be, and still legal."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from prodiguer.domain.message import Message
from support.monitoring import BY_CODE, say

CODES = sorted(BY_CODE)
RUNS = ("run-1", "run-2", "run-3")
JOBS = ("job-1", "job-2", "job-3", "job-4")

#: Few moments, so that stamps are often equal; one is so late that its message says the future.
SECONDS = st.sampled_from([0, 1, 2, 2.5, 3, 60, 90_000, 2_000_000_000])

_PLAIN_DATES = ["18500101", "18500131", "18500228", "1850-11-30", "18501231", "18510101"]
_ODD_DATES = ["18500229", "18500230", "18501230", "200000101", "-00500101", "1850-01-00", "soon"]
DATES = st.sampled_from([*_PLAIN_DATES, *_ODD_DATES])
DELAYS = st.sampled_from(["", "0", "null", "-5", "100", "1000000000", "1000000001", "an hour", 60])
# Base64 of CalendarType=360d, =noleap, =leap, =lunar, and of no base64 at all.
_GOOD_CARDS = [
    "Q2FsZW5kYXJUeXBlPTM2MGQK",
    "Q2FsZW5kYXJUeXBlPW5vbGVhcAo=",
    "Q2FsZW5kYXJUeXBlPWxlYXAK",
]
CARDS = st.sampled_from([*_GOOD_CARDS, "Q2FsZW5kYXJUeXBlPWx1bmFyCg==", "null", "***"])

_FIELDS = {
    "0000": {
        "name": st.sampled_from(["piControl", "PIcontrol"]),
        "experiment": st.sampled_from(["", "null", "hist"]),
        "accountingProject": st.sampled_from(["", "gencmip6"]),
        "startDate": DATES,
        "endDate": DATES,
        "jobWarningDelay": DELAYS,
        "configuration": CARDS,
    },
    "1000": {"jobWarningDelay": DELAYS, "jobSchedulerID": st.sampled_from(["", "7", "8"])},
    "1001": {
        "CumulPeriod": st.sampled_from(["", "1", "x"]),
        "PeriodDateBegin": DATES,
        "PeriodDateEnd": DATES,
    },
    "2000": {"jobWarningDelay": DELAYS, "postProcessingName": st.sampled_from(["", "ts", "se"])},
    "1900": {"command": st.sampled_from(["", "cp a b"])},
}


@st.composite
def messages(draw: st.DrawFn, codes: Sequence[str] = CODES) -> Message:
    """Any message of these codes about a few runs and jobs; some arrive before they happened."""
    code = draw(st.sampled_from(codes))
    fields = _FIELDS.get(code, {})
    body = {name: draw(values) for name, values in fields.items() if draw(st.booleans())}
    return say(
        code,
        draw(SECONDS),
        run=draw(st.sampled_from(RUNS)),
        job=draw(st.sampled_from(JOBS)),
        arrived=draw(st.sampled_from([None, 0, 100_000])),
        uid=f"{draw(st.integers(0, 10**9)):032x}",
        **body,
    )


def stories(codes: Sequence[str] = CODES, most: int = 14) -> st.SearchStrategy[list[Message]]:
    """Some messages, each id once."""
    return st.lists(messages(codes), min_size=1, max_size=most, unique_by=lambda m: m.uid)


@st.composite
def deliveries(draw: st.DrawFn, story: Sequence[Message]) -> list[list[Message]]:
    """The story in any order, with repeats, cut into batches anywhere."""
    repeats = draw(st.lists(st.sampled_from(story), max_size=4))
    order = draw(st.permutations([*story, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=5))) if order[1:] else []
    return [list(order[a:b]) for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
