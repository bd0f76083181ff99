"""Messages, jobs and runs for the contract of the store, made by the domain itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from prodiguer.domain import job_facts, job_state, simulation_state
from prodiguer.domain.job import Job, Told
from prodiguer.domain.message import Message, Stamp
from prodiguer.domain.messages import BUILT_IN
from prodiguer.domain.simulation import Simulation, SimulationFacts
from prodiguer.ports.store import DeadLetter, MailRecord

T = TypeVar("T")
TYPES = {type_.TYPE.code: type_ for type_ in BUILT_IN}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = str(UUID(int=1))
OTHER_RUN = str(UUID(int=2))


class Broken(Exception):
    """What goes wrong in `undone`."""


@contextmanager
def undone(context: AbstractContextManager[T]) -> Iterator[T]:
    """A unit or a savepoint that fails at its end."""
    with suppress(Broken), context as value:
        yield value
        raise Broken


def uid(number: int) -> str:
    return str(UUID(int=number))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def message(number: int = 1, code: str = "1000", **more: Any) -> Message:
    """A message whose content follows from its arguments."""
    body = more.pop("body", {"simuid": RUN, "jobuid": uid(100)})
    fields: dict[str, Any] = {
        "uid": uid(number),
        "code": code,
        "app": TYPES[code].TYPE.app,
        "mode": "prod",
        "user": "smtp",
        "producer": "libigcm",
        "producer_version": "2.8.3",
        "simulation_uid": RUN,
        "job_uid": uid(100),
        "timestamp": after(number),
        "timestamp_raw": "2026-03-01T12:00:01.123456789Z",
        "received_at": after(3600 + number),
        "door": "smtp",
        "mail": "a" * 64,
        "body": body,
        "digest": hashlib.sha256(repr((number, code, body)).encode()).hexdigest(),
    }
    return TYPES[code](**fields | more)


def job(
    number: int = 100, code: str = "1000", *, run: str = RUN, at: float = 0, **body: str
) -> Job:
    """A job of which one message is known."""
    said = message(
        number * 1000 + int(at),
        code,
        simulation_uid=run,
        job_uid=uid(number),
        timestamp=after(at),
        body={"simuid": run, "jobuid": uid(number), **body},
    )
    facts = job_facts.of(said)
    assert facts is not None
    return job_state.job(facts)


def ended(started: Job, code: str, at: float) -> Job:
    """The same job after an end."""
    end = job(int(UUID(started.uid)), code, run=started.simulation_uid, at=at)
    return job_state.job(job_facts.join(started.facts, end.facts))


def run_facts(run: str = RUN, *, at: float = 0, name: str = "run") -> SimulationFacts:
    stamp = Stamp(after(at), uid(int(UUID(run)) + 5000))
    words = {"name": Told(*stamp, name), "centre": Told(*stamp, "tgcc")}
    return SimulationFacts(uid=run, anchor=stamp, announced=stamp, words=words, last=after(at))


def simulation(run: str = RUN, *, at: float = 0, **more: Any) -> Simulation:
    """A run that was announced, without a job."""
    made = simulation_state.simulation(run_facts(run, at=at, name=more.pop("name", "run")), [])
    return made._replace(**more)


def letter(id: str = "letter", **more: Any) -> DeadLetter:
    fields: dict[str, Any] = {
        "id": id,
        "at": NOON,
        "reason": "missing-fields: jobuid, name",
        "detail": "send it again with these fields",
        "stage": "decode",
        "door": "smtp",
        "mail": "a" * 64,
        "position": 3,
        "code": "0000",
        "bytes": bytes(range(256)),
        "form": "line",
        "context": {"headers": {"x": [1, None, "é"]}},
        "app": None,
        "message_uid": uid(9),
    }
    return DeadLetter(**fields | more)


def mail(id: str = "mail", **more: Any) -> MailRecord:
    fields: dict[str, Any] = {
        "id": id,
        "at": NOON,
        "door": "smtp",
        "sender": "compute@hpc.example",
        "size": 12345,
        "sent_at": after(-60),
        "messages": {"0000": 1, "1001": 12},
        "repairs": 2,
        "dead": 1,
        "stored_at": after(5),
    }
    return MailRecord(**fields | more)


def texts() -> list[str]:
    """Texts that have broken databases before."""
    return [
        "'; DROP TABLE messages; --",
        '"quoted"',
        "100 %s %(x)s %d %",
        ":name ?1 $1 @x",
        "under_score\\back\\slash",
        "line\u2028para\u2029\u202ertl\ufeff",
        "e\u0301 vs \u00e9",
        "👩‍💻🏳️‍🌈 \U0001d4b3",
        "=cmd|'/C calc'!A0",
        "\x1b[2J\r\n",
        "",
        " ",
    ]
