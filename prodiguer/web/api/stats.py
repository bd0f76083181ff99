"""How the platform stands: queues, spool, rates, latency."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, cast

from prodiguer.web.route import Answer, Call, Route
from prodiguer.web.services import Services


class QueueView(TypedDict):
    """A queue; ``oldest_age`` in seconds."""

    name: str
    ready: int
    unacked: int
    consumers: int
    oldest_age: float | None


class StatsView(TypedDict):
    """``spool`` counts mails and bodies not yet published: all zero means settled.

    ``counts`` says how much is stored, by kind.
    """

    queues: list[QueueView]
    spool: int
    rates: dict[str, float]
    latency: dict[str, float | None]
    counts: dict[str, int]
    version: str


def view(services: Services) -> StatsView:
    """All of it at once."""
    # The spool first: what leaves it meanwhile is then seen in the queues, never in neither.
    spool = services.spooled()
    queues = [asdict(queue) for queue in services.queues()]
    figures = services.figures()
    return {
        "queues": cast("list[QueueView]", queues),
        "spool": spool,
        "rates": figures["rates"],
        "latency": figures["latency"],
        "counts": figures["counts"],
        "version": services.version,
    }


def stats(call: Call) -> Answer:
    """How the platform stands."""
    return Answer(view(call.services))


ROUTES = (
    Route(
        path="/api/v1/stats",
        summary="Queues, spool, rates, latency, and how much is stored",
        answer=stats,
        scope="read",
        view=StatsView,
    ),
)
