"""Whether what was emitted is what is stored: run by run, message by message, fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from prodiguer.cli.api import Api
from prodiguer.cli.demo.story import Run
from prodiguer.domain.fold import fold
from prodiguer.domain.message import Message
from prodiguer.domain.world import World
from prodiguer.errors import NotFound
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.intake import read_element
from prodiguer.wire.origin import Origin

PAGE_LIMIT = 1_000_000
#: How far two figures of progress may lie apart: they are computed in two ways.
NEAR = 1e-6

Said = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run came to.

    Attributes:
        run: which.
        emitted: how many distinct messages it said.
        missing: how many of them are not stored.
        strange: how many are stored that it did not say.
        expected: state, progress, try and jobs as the emitted messages alone tell them.
        stored: the same as the platform tells them; None where it does not know the run.
    """

    run: Run
    emitted: int
    missing: int
    strange: int
    expected: Mapping[str, Any]
    stored: Mapping[str, Any] | None

    @property
    def differences(self) -> list[str]:
        """What does not agree, in words; empty where everything does."""
        found = [
            f"{word}: {number}"
            for word, number in (("missing", self.missing), ("said by nobody", self.strange))
            if number
        ]
        if self.stored is None:
            return [*found, "unknown"]
        return found + [
            f"{name} {self.stored[name]}, expected {value}"
            for name, value in self.expected.items()
            if not _same(self.stored[name], value)
        ]


def _same(stored: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return bool(abs(stored - expected) < NEAR)
    return bool(stored == expected)


def compare(api: Api, runs: Iterable[Run], said: Said) -> list[Verdict]:
    """The verdict on each run.

    Args:
        api: of the platform, which has settled.
        runs: of the demonstration.
        said: of each run's uid, what it has said, by message id.
    """
    now = datetime.now(UTC)
    world = fold(_messages(said, now), now)
    return [_compare(api, run, said[run.uid], world) for run in runs]


def _messages(said: Said, now: datetime) -> Iterable[Message]:
    """What was said, read as the platform reads it."""
    catalog, origin = Catalog.installed(), _origin(now)
    for messages in said.values():
        for message in messages.values():
            yield read_element(msgspec.json.encode(message), origin, catalog)


def _origin(now: datetime) -> Origin:
    return Origin(mode="prod", user="centre", door="http", received_at=now)


def _compare(api: Api, run: Run, said: Mapping[str, Mapping[str, Any]], world: World) -> Verdict:
    rows = api.items("/api/v1/messages", {"simulation": run.uid}, PAGE_LIMIT)
    stored = {row["uid"] for row in rows}
    return Verdict(
        run,
        len(said),
        len(said.keys() - stored),
        len(stored - said.keys()),
        _expected(run, world),
        _stored(api, run),
    )


def _expected(run: Run, world: World) -> dict[str, Any]:
    state = world.simulations[run.uid]
    jobs = Counter(
        f"{job.kind} {job.state}" for (uid, _), job in world.jobs.items() if uid == run.uid
    )
    return {
        "state": state.state,
        "progress": state.progress,
        "try": f"{state.number} of {state.of}",
        "jobs": dict(sorted(jobs.items())),
    }


def _stored(api: Api, run: Run) -> dict[str, Any] | None:
    try:
        found = api.get(f"/api/v1/simulations/{run.uid}")
    except NotFound:
        return None
    jobs = {
        f"{kind} {state}": number
        for kind, counts in found["jobs"].items()
        for state, number in counts.items()
        if number
    }
    return {
        "state": found["state"],
        "progress": found["progress"],
        "try": f"{found['try']} of {found['tries']}",
        "jobs": dict(sorted(jobs.items())),
    }
