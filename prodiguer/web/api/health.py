"""Is it alive, is it ready, what does it count, how is it spoken to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict

from prodiguer.errors import ProdiguerError
from prodiguer.web import metrics, openapi
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route

_log = logging.getLogger(__name__)

OK = "ok"


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
    """Ready: every check passes; they run side by side."""
    checks = call.services.checks
    with ThreadPoolExecutor(max(1, len(checks))) as threads:
        results = dict(zip(checks, threads.map(_result, checks, checks.values()), strict=True))
    if any(result != OK for result in results.values()):
        failed = ", ".join(name for name, result in results.items() if result != OK)
        raise Problem(503, f"not ready: {failed}", headers={"Retry-After": "2"}, checks=results)
    return Answer({"status": OK, "checks": results})


def _result(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except ProdiguerError as error:
        return str(error)
    except Exception:  # noqa: BLE001 - whatever a check raises means that it is not ready
        _log.exception("check %s crashed", name, extra={"action": "check-crashed", "check": name})
        return "failed: the log of the process has the details"
    return OK


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
    ),
)
