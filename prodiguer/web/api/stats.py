"""How the platform stands: queues, spool, rates, latency."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict

from prodiguer.web.route import Answer, Call, Route


class QueueView(TypedDict):
    """A queue; ``oldest_age`` in seconds."""

    name: str
    ready: int
    unacked: int
    consumers: int
    oldest_age: float | None


class StatsView(TypedDict):
    """``spool`` counts mails and bodies not yet published: all zero means settled."""

    queues: list[QueueView]
    spool: int
    rates: dict[str, float]
    latency: dict[str, float | None]


def stats(call: Call) -> Answer:
    """All of it at once."""
    # The spool first: what leaves it meanwhile is then seen in the queues, never in neither.
    spool = call.services.spooled()
    queues = [asdict(queue) for queue in call.services.queues()]
    return Answer({"queues": queues, "spool": spool, **call.services.figures()})


ROUTES = (
    Route(
        path="/api/v1/stats",
        summary="Queues, spool, rates and latency",
        answer=stats,
        scope="read",
        view=StatsView,
    ),
)
