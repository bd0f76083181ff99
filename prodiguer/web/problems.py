"""Errors as clients read them: RFC 9457 problem details."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from prodiguer.errors import NotAllowed, NotFound, Refused, Unavailable

_log = logging.getLogger(__name__)

MEDIA = "application/problem+json"

#: Seconds to wait before the same request is worth sending again.
RETRY_AFTER = "2"


class ProblemView(TypedDict):
    """A problem; ``parameter`` names what is wrong, ``reason`` is that of a dead letter."""

    type: str
    title: str
    status: int
    detail: str
    parameter: NotRequired[str]
    reason: NotRequired[str]
    checks: NotRequired[dict[str, str]]


class Problem(Exception):
    """A request that is answered with an error.

    Args:
        status: the HTTP status.
        detail: a sentence for a reader, with the remedy.
        headers: of the answer, such as ``Retry-After``.
        extra: further members of the document: `parameter`, `reason`, `checks`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    @property
    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        title = HTTPStatus(self.status).phrase
        base = {"type": "about:blank", "title": title, "status": self.status}
        return {**base, "detail": self.detail, **self.extra}


def unavailable(detail: str) -> Problem:
    """The client should wait and send the same request again."""
    return Problem(503, detail, headers={"Retry-After": RETRY_AFTER})


def nothing_here() -> Problem:
    """No route has this path."""
    return Problem(404, "there is nothing at this path")


def bad_parameter(name: str, detail: str) -> Problem:
    """A parameter of the path or of the query cannot be used."""
    return Problem(400, detail, parameter=name[:100])


def from_failure(error: Exception) -> Problem | None:
    """What a failure of the platform means to a client; None where it is our own fault."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return _from_refused(error)
    if isinstance(error, Unavailable):
        # Its text is for the log of this machine: it may name files.
        _log.warning("a service is away: %s", error, extra={"action": "service_away"})
        return unavailable("the broker or the database does not answer; try the same again")
    if isinstance(error, NotFound):
        return Problem(404, str(error))
    if isinstance(error, NotAllowed):
        return Problem(403, str(error))
    return None


def _from_refused(error: Refused) -> Problem:
    if error.code == "cursor":
        return bad_parameter("cursor", error.detail or "this is no cursor of this list")
    status = 413 if error.code == "too-large" else 400
    return Problem(status, error.detail or error.reason, reason=error.reason)
