"""Whether what was emitted is what is stored: run by run, message by message, state by state."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from prodiguer.cli.api import Api
from prodiguer.cli.demo.centre import Run
from prodiguer.cli.demo.replay import Replay
from prodiguer.errors import NotFound

PAGE_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run came to."""

    run: Run
    missing: int
    strange: int
    state: str | None

    @property
    def expected(self) -> str:
        """The state that its messages tell."""
        return "error" if self.run.fails else "complete"

    @property
    def agrees(self) -> bool:
        """All of it arrived, nothing else did, and the state is right."""
        return not self.missing and not self.strange and self.state == self.expected


def settle(api: Api, timeout: float) -> bool:
    """Wait until nothing waits anywhere; False when it takes longer than ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        stats = api.get("/api/v1/stats")
        waiting = stats["spool"] + sum(q["ready"] + q["unacked"] for q in stats["queues"])
        if not waiting:
            return True
        time.sleep(0.2)
    return False


def compare(api: Api, runs: Iterable[Run], replay: Replay) -> list[Verdict]:
    """The verdict on each run."""
    return [_compare(api, run, replay.emitted.get(run.uid, set())) for run in runs]


def _compare(api: Api, run: Run, emitted: set[str]) -> Verdict:
    rows = api.items("/api/v1/messages", {"simulation": run.uid}, PAGE_LIMIT)
    stored = {row["uid"] for row in rows}
    try:
        state = api.get(f"/api/v1/simulations/{run.uid}")["state"]
    except NotFound:
        state = None
    return Verdict(run, len(emitted - stored), len(stored - emitted), state)
