"""Messages of runs, told in one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from prodiguer.domain.lifecycle import TYPES
from prodiguer.domain.message import Message

T0 = datetime(2026, 1, 1, tzinfo=UTC)

BY_CODE = {type_.TYPE.code: type_ for type_ in TYPES}

#: What every 0000 must say.
ANNOUNCEMENT = {
    "name": "piControl",
    "centre": "ipsl",
    "machine": "curie",
    "login": "u000001",
    "model": "ipsl-cm6",
    "space": "prod",
}


def at(seconds: float) -> datetime:
    """A moment, in seconds after the beginning of the story."""
    return T0 + timedelta(seconds=seconds)


def say(
    code: str,
    seconds: float = 0,
    *,
    run: str = "run",
    job: str | None = "job",
    uid: str | None = None,
    arrived: float | None = None,
    **body: Any,
) -> Message:
    """A message; one of the same content has the same id."""
    if code == "0000":
        body = {**ANNOUNCEMENT, **body}
    kind = BY_CODE[code]
    said = repr((code, seconds, run, job, arrived, sorted(body.items())))
    return kind(
        uid=uid or str(uuid5(NAMESPACE_OID, said)),
        code=code,
        app=kind.TYPE.app,
        mode="test",
        user="smtp",
        producer="libigcm",
        producer_version="2.8.4",
        simulation_uid=run,
        job_uid=None if code == "8888" else job,
        timestamp=at(seconds),
        received_at=at(seconds + 1 if arrived is None else arrived),
        door="smtp",
        body=body,
        digest=said,
    )
