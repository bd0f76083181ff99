"""Live events in words: a line each, what it is about first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from prodiguer.cli.output import clean, short

#: Words for the eye; the names of the protocol are in `--json`.
KINDS = {"simulation": "run", "dead-letter": "dead letter"}
#: So many names of runs are remembered, to say them beside their jobs.
REMEMBERED = 10_000
_WIDTH = len("dead letter")


class EventLines:
    """Writes events as lines; knows the names of the runs that it has seen."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._words: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
            "simulation": self._run,
            "job": self._job,
            "period": self._period,
            "message": self._message,
            "mail": _mail,
            "dead-letter": _dead_letter,
        }

    def line(self, event: Mapping[str, Any]) -> str:
        """An event as one line that is safe on a terminal."""
        kind = event["type"]
        if kind == "reset":
            return "events were missed that can no longer be told; it goes on from here"
        data = event.get("data")
        if data is None:
            words = f"{clean(event.get('uid'))}  is gone, or too large to be shown here"
        else:
            told = self._words.get(kind)
            words = "  ".join(told(data)) if told else clean(event.get("uid"))
        return clean(f"{_clock(event['at'])}  {KINDS.get(kind, clean(kind)):<{_WIDTH}}  {words}")

    def _run(self, run: Mapping[str, Any]) -> Iterator[str]:
        name = clean(run["name"] or run["uid"])
        self._remember(run["uid"], name)
        where = ", ".join(clean(run[word]) for word in ("login", "machine") if run[word])
        yield f"{name} ({where})" if where else name
        yield f"{run['state']} {_percent(run['progress'])}"
        if run["tries"] > 1:
            yield f"try {run['try']} of {run['tries']}"

    def _remember(self, uid: str, name: str) -> None:
        self._names.pop(uid, None)
        self._names[uid] = name
        if len(self._names) > REMEMBERED:
            del self._names[next(iter(self._names))]

    def _of(self, run: str | None) -> str:
        return f" of {self._names.get(run) or clean(run)}" if run else ""

    def _job(self, job: Mapping[str, Any]) -> Iterator[str]:
        work = clean(job["kind"]).replace("_", "-")
        if name := job["post_processing"]["name"]:
            work += f" {clean(name)}"
        yield f"{work} {clean(job['scheduler_id'] or job['uid'])}{self._of(job['simulation_uid'])}"
        yield clean(job["state"])
        if failed := job["failed_commands"]:
            yield f"{failed} failed command{'s' if failed > 1 else ''}"

    def _period(self, period: Mapping[str, Any]) -> Iterator[str]:
        number = "" if period["number"] is None else f"{period['number']}"
        yield (number + self._of(period["simulation_uid"])).strip()
        yield f"{clean(period['begin'])} to {clean(period['end'])}"

    def _message(self, message: Mapping[str, Any]) -> Iterator[str]:
        yield f"{clean(message['code'])} {clean(message['name'])}"
        yield f"from {clean(message['producer'])}{self._of(message['simulation_uid'])}"


def _mail(mail: Mapping[str, Any]) -> Iterator[str]:
    count = sum(mail["messages"].values())
    yield f"from {clean(mail['sender'])}"
    yield f"{count} message{'' if count == 1 else 's'}"
    if mail["dead"]:
        yield f"{mail['dead']} dead"


def _dead_letter(letter: Mapping[str, Any]) -> Iterator[str]:
    yield clean(letter["reason"])
    yield f"{clean(letter['stage'])} at the door {clean(letter['door'])}"
    if letter["resent_at"]:
        yield "sent again"


def _percent(progress: float) -> str:
    return f"{int(progress * 100)} %"


def _clock(at: str) -> str:
    """The hour in UTC, as everywhere; with the date where it is not today."""
    shown = short(at)
    date, _, hour = shown.partition(" ")
    return hour if date == datetime.now(UTC).date().isoformat() else shown
