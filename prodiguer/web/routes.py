"""The one table of all routes; any other path is 404."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prodiguer.web import pages
from prodiguer.web.api import (
    dead_letters,
    environment,
    health,
    intake,
    jobs,
    live,
    mails,
    messages,
    simulations,
    stats,
)
from prodiguer.web.route import Route

ROUTES: tuple[Route, ...] = (
    *pages.ROUTES,
    *health.ROUTES,
    *simulations.ROUTES,
    *jobs.ROUTES,
    *messages.ROUTES,
    *intake.ROUTES,
    *mails.ROUTES,
    *dead_letters.ROUTES,
    *environment.ROUTES,
    *stats.ROUTES,
    *live.ROUTES,
)


def _by_path() -> dict[re.Pattern[str], dict[str, Route]]:
    found: dict[re.Pattern[str], dict[str, Route]] = {}
    for route in ROUTES:
        found.setdefault(route.pattern, {})[route.method] = route
    return found


_BY_PATH = _by_path()


def find(path: str) -> tuple[Mapping[str, Route], Mapping[str, str]]:
    """The routes of a path by method, and what stands in its braces; nothing where there is none.

    Args:
        path: as it came, with its escapes: none of ours has any.
    """
    for pattern, routes in _BY_PATH.items():
        match = pattern.fullmatch(path)
        if match:
            return routes, match.groupdict()
    return {}, {}
