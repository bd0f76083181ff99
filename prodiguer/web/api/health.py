"""Is it alive, is it ready, what does it count, how is it spoken to."""

from __future__ import annotations

from typing import Any, TypedDict

from prodiguer.web import metrics, openapi
from prodiguer.web.checks import OK
from prodiguer.web.problems import RETRY_AFTER, Problem
from prodiguer.web.route import Answer, Call, Route


class HealthView(TypedDict):
    """This process answers."""

    status: str


class ReadyView(TypedDict):
    """Each check by name; all of them ``ok``."""

    status: str
    checks: dict[str, str]


def health(_: Call) -> Answer:
    """Alive: asks nobody."""
    return Answer({"status": OK})


def ready(call: Call) -> Answer:
    """Ready: every check passes."""
    results = call.checks.results()
    failed = [name for name, result in results.items() if result != OK]
    if failed:
        headers = {"Retry-After": RETRY_AFTER}
        raise Problem(503, f"not ready: {', '.join(failed)}", headers=headers, checks=results)
    return Answer({"status": OK, "checks": results})


def figures(call: Call) -> Answer:
    """Prometheus' text format."""
    return Answer(call.meter.text(call.services), media=metrics.MEDIA)


def description(call: Call) -> Answer:
    """OpenAPI 3.1 of this very table."""
    return Answer(openapi.document(tuple(call.table)))


ROUTES = (
    Route(
        path="/health",
        summary="This process is alive",
        answer=health,
        scope=None,
        view=HealthView,
        at_once=True,
    ),
    Route(
        path="/ready",
        summary="Broker and database answer, every door listens, every app consumes",
        answer=ready,
        scope=None,
        view=ReadyView,
    ),
    Route(
        path="/metrics",
        summary="Figures in Prometheus' text format",
        answer=figures,
        scope="read",
        view=str,
        media=metrics.MEDIA,
    ),
    Route(
        path="/api/v1/openapi.json",
        summary="This description",
        answer=description,
        scope=None,
        view=dict[str, Any],
        at_once=True,
    ),
)
