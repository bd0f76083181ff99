"""A route: everything that is to be known of it, as one value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from prodiguer.config import WebSettings
from prodiguer.ports.queries import Page, Paging
from prodiguer.web.checks import Checks
from prodiguer.web.guard import JSON
from prodiguer.web.metrics import Meter
from prodiguer.web.parameters import Parameter
from prodiguer.web.services import Services
from prodiguer.web.shelf import Shelf

_NAMES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets: a value that becomes JSON, or bytes of another media type."""

    body: Any = None
    status: int = 200
    media: str = JSON
    #: The entity tag, where it is known already.
    tag: str | None = None
    #: The Content-Encoding that the bytes have.
    encoding: str | None = None
    #: More headers; they are sent with 304 as well.
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that has passed all checks."""

    services: Services
    settings: WebSettings
    meter: Meter
    checks: Checks
    #: All routes, for those that speak of them.
    table: Sequence[Route]
    #: The files of the pages.
    shelf: Shelf
    #: Now, in UTC.
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    #: The parameters that were given, read.
    query: Mapping[str, Any] = field(default_factory=dict)
    #: Of the token that was asked for and given.
    token_id: str | None = None
    #: Header If-Match, where there is one.
    if_match: str | None = None
    #: The client takes gzip.
    gzip: bool = False
    #: Of a route with a body: the body and its media type.
    body: BinaryIO | None = None
    media: str = ""

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter of the query."""
        return self.query.get(name, default)

    @property
    def paging(self) -> Paging:
        """Where in a list."""
        return Paging(limit=self.get("limit", 50), cursor=self.get("cursor"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """A method and a path, and what stands behind them.

    Args:
        path: with ``{uid}`` or ``{id}`` for what changes.
        scope: of the token that is asked for; None: open to everybody.
        answer: runs in a thread of the pool; raises `Problem` or a `ProdiguerError`.
        view: the type of the answer's body; None: no body.
        paged: the answer is a page of ``view``.
        extra: members of a page besides, by name.
        refusals: statuses of problems besides those that follow from the rest.
        bodies: media types of the body; empty where none is taken.
        media: of the answer.
        stores: takes the threads and the time of writers.
        at_once: asks nobody, and is answered however busy all threads are.
        live: it becomes a WebSocket; `answer` is never called.
        for_people: a page or a file of one: no part of the API, and not in its description.
    """

    path: str
    summary: str
    answer: Callable[[Call], Answer]
    scope: str | None
    method: str = "GET"
    parameters: tuple[Parameter, ...] = ()
    view: Any = None
    paged: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    refusals: tuple[int, ...] = ()
    bodies: tuple[str, ...] = ()
    media: str = JSON
    stores: bool = False
    at_once: bool = False
    live: bool = False
    for_people: bool = False

    @property
    def path_names(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(_NAMES.findall(self.path))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What matches the paths of this route, byte for byte."""
        return re.compile(
            _NAMES.sub(
                r"(?P<\1>[^/]+)", re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
            )
        )


def page(content: Page[Any], **extra: Any) -> Answer:
    """The answer that a page becomes."""
    name = "total" if content.total_at_least is None else "total_at_least"
    total = {name: getattr(content, name)}
    return Answer({"items": list(content.items), "next": content.next, **total, **extra})
