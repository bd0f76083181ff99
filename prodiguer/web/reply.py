"""What goes back to a client, ready to be sent; made in a thread, since encoding takes time."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from prodiguer.web.body import Body
from prodiguer.web.etags import encode, etag_of, matches, page_etag
from prodiguer.web.problems import MEDIA, Problem
from prodiguer.web.route import Answer, Call, Route


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers and bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


def produce(route: Route, call: Call, body: Body | None, known: str | None) -> Reply:
    """Call the route; ``known`` is the header If-None-Match, where there is one."""
    answer = _answer(route, call, body)
    if answer.body is None:
        return Reply(answer.status)
    content = answer.body if isinstance(answer.body, bytes) else encode(answer.body)
    headers = {"Content-Type": answer.media, **answer.headers}
    if answer.encoding:
        headers["Content-Encoding"] = answer.encoding
    if route.method != "GET":
        return Reply(answer.status, headers, content)
    tag = answer.tag or (page_etag(answer.body) if route.paged else etag_of(content))
    if known is not None and matches(known, tag):
        return Reply(304, {**answer.headers, "ETag": tag})
    return Reply(answer.status, {**headers, "ETag": tag}, content)


def _answer(route: Route, call: Call, body: Body | None) -> Answer:
    if body is None:
        return route.answer(call)
    # Closed here and not by the loop: a client that leaves must not close what is being read.
    with contextlib.closing(body):
        return route.answer(replace(call, body=body.rewound()))


def of_problem(problem: Problem) -> Reply:
    """The answer that a problem becomes."""
    return Reply(
        problem.status, {"Content-Type": MEDIA, **problem.headers}, encode(problem.document)
    )
