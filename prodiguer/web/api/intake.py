"""The door for messages over HTTP."""

from __future__ import annotations

from typing import TypedDict

from prodiguer.web.guard import JSON, NDJSON
from prodiguer.web.route import Answer, Call, Route


class DeadView(TypedDict):
    """An element that became a dead letter: its place in the body, from 0."""

    index: int
    reason: str


class OutcomeView(TypedDict):
    """What became of a body; ``duplicates`` is a lower bound and part of ``accepted``."""

    accepted: int
    duplicates: int
    dead: list[DeadView]


def accept(call: Call) -> Answer:
    """Answer only when every element is durable."""
    if call.body is None:
        raise RuntimeError("the intake was called without a body")
    outcome = call.services.intake.accept(
        call.body, lines=call.media == NDJSON, user=call.settings.account, received_at=call.now
    )
    body: OutcomeView = {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "dead": [{"index": dead.index, "reason": dead.reason} for dead in outcome.dead],
    }
    return Answer(body, status=202)


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/messages",
        summary="Take messages in: one object, an array, or one object a line",
        answer=accept,
        scope="ingest",
        view=OutcomeView,
        status=202,
        bodies=(JSON, NDJSON),
        stores=True,
    ),
)
