"""What a timeline says of a message: one short line for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prodiguer.domain.message import ABSENT

#: Longer texts, such as a failed command, are cut here.
LONGEST = 500


def sentence(code: str, body: Mapping[str, Any], fallback: str) -> str:
    """The line of a message with this code (as routed) and body.

    A code that has no sentence says ``fallback``, the name of its type.
    """
    said = _SENTENCES.get(code)
    text = said(body) if said else fallback
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _word(body: Mapping[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is None or isinstance(value, (dict, list)):
        return None
    text = " ".join(str(value).split())
    return None if text in ABSENT else text


def _simulation_starts(body: Mapping[str, Any]) -> str:
    name, machine, centre = (_word(body, f) for f in ("name", "machine", "centre"))
    where = f" on {machine}" if machine else ""
    of = f" ({centre})" if centre else ""
    return f"simulation {name} starts{where}{of}" if name else f"simulation starts{where}{of}"


def _period_begins(body: Mapping[str, Any]) -> str:
    number = _word(body, "CumulPeriod") or "0"
    begin, end = _word(body, "PeriodDateBegin"), _word(body, "PeriodDateEnd")
    return (
        f"period {number} begins: {begin} to {end}" if begin and end else f"period {number} begins"
    )


def _job_starts(kind: str) -> Callable[[Mapping[str, Any]], str]:
    def text(body: Mapping[str, Any]) -> str:
        scheduler = _word(body, "jobSchedulerID")
        return f"{kind} starts, scheduler id {scheduler}" if scheduler else f"{kind} starts"

    return text


def _aside_starts(kind: str) -> Callable[[Mapping[str, Any]], str]:
    """A job beside the computing: said with what it works on."""
    fields = ("Name", "Date", "Dimn", "Comp", "File")

    def text(body: Mapping[str, Any]) -> str:
        words = [_word(body, f"postProcessing{field}") for field in fields]
        about = " ".join(word for word in words if word)
        return f"{kind} starts: {about}" if about else f"{kind} starts"

    return text


def _command_fails(kind: str) -> Callable[[Mapping[str, Any]], str]:
    def text(body: Mapping[str, Any]) -> str:
        command = _word(body, "command")
        return f"command failed in {kind}: {command}" if command else f"command failed in {kind}"

    return text


_COMPUTE, _POST, _CHECKER = "compute job", "post-processing job", "checker job"

_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "0000": _simulation_starts,
    "0100": lambda _: "simulation ends",
    "1000": _job_starts(_COMPUTE),
    "1001": _period_begins,
    "1100": lambda _: f"{_COMPUTE} ends",
    "1900": _command_fails(_COMPUTE),
    "1999": lambda _: f"{_COMPUTE} dies: the run stops",
    "2000": _aside_starts(_POST),
    "2100": lambda _: f"{_POST} ends",
    "2900": _command_fails(_POST),
    "2999": lambda _: f"{_POST} dies",
    "3000": _aside_starts(_CHECKER),
    "3100": lambda _: f"{_CHECKER} ends",
    "3900": _command_fails(_CHECKER),
    "3999": lambda _: f"{_CHECKER} dies",
    "8888": lambda _: "the simulation is deleted",
}
