"""What a request must pass before its body is read: each check raises the answer to a failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tornado.httputil import HTTPServerRequest

from prodiguer.ports.tokens import Token
from prodiguer.web import guard, parameters, routes
from prodiguer.web.desk import Desk
from prodiguer.web.problems import Problem, nothing_here
from prodiguer.web.route import Call, Route


def check_client(desk: Desk, request: HTTPServerRequest, at: float) -> None:
    """The client is not too fast, names this server, and is no page of another site.

    Args:
        desk: whose limits hold.
        request: its head alone has been read.
        at: seconds of a clock that never goes back.
    """
    wait = desk.rate.take(request.remote_ip or "", at)
    if wait:
        raise _too_many(wait)
    desk.guard.check(request.host, request.headers.get_list("Origin"))


def find_here(request: HTTPServerRequest) -> tuple[Mapping[str, Route], Mapping[str, str]]:
    """The routes at the request's path by method, and what stands in the path's braces."""
    here, path = routes.find(request.path)
    if not here:
        raise nothing_here()
    return here, path


def choose(here: Mapping[str, Route], method: str | None) -> Route:
    """The route for a method; HEAD is GET without the body."""
    found = here.get("GET" if method == "HEAD" else method or "")
    if found is None:
        raise not_allowed(here)
    return found


async def check_token(
    desk: Desk, route: Route, request: HTTPServerRequest, at: float
) -> Token | None:
    """The token that opens this route; None where none is asked for.

    Args:
        desk: whose tokens count.
        route: its scope is asked for.
        request: its head alone has been read.
        at: seconds of a clock that never goes back.
    """
    if route.scope is None:
        return None
    given = request.headers.get_list("Authorization")
    try:
        if route.live and not given and (ticket := _ticket(request)):
            token = await desk.writers.run(desk.limits.query, desk.doorman.redeem, ticket)
        else:
            token = await desk.readers.run(
                desk.limits.query, desk.doorman.admit, given, route.scope
            )
    except Problem as problem:
        # Whoever guesses learns nothing from us after some hundred failures.
        wait = (
            desk.failures.take(request.remote_ip or "", at) if problem.status in (401, 403) else 0
        )
        raise (_too_many(wait) if wait else problem) from None
    if token is not None and desk.doorman.unnoted(token):
        desk.writers.begin(desk.doorman.note, token)
    return token


def check_form(
    desk: Desk, route: Route, request: HTTPServerRequest, token: Token | None
) -> tuple[str, int]:
    """The media type of the body, and the greatest size that it may have."""
    headers = request.headers
    types, media, room = headers.get_list("Content-Type"), "", desk.limits.small_body
    guard.check_encoding(headers)
    if route.bodies:
        media, room = guard.check_media(types, route.bodies), desk.settings.max_body
    elif route.method != "GET":
        origins = headers.get_list("Origin")
        guard.check_forgery(types, origins, has_token=token is not None)
    if int(headers.get("Content-Length", "0")) > room:
        raise too_large(room)
    return media, room


def read_call(
    desk: Desk,
    route: Route,
    request: HTTPServerRequest,
    path: Mapping[str, str],
    media: str,
    token: Token | None,
) -> Call:
    """The request with its parameters read."""
    now = desk.services.clock.now()
    # A page reads its own query, in the browser.
    query = "" if route.for_people else request.query
    return Call(
        services=desk.services,
        settings=desk.settings,
        meter=desk.meter,
        checks=desk.checks,
        table=routes.ROUTES,
        shelf=desk.shelf,
        now=now,
        path=_read_path(route, path, now),
        query=parameters.read_query(query, route.parameters, now),
        if_match=request.headers.get("If-Match"),
        gzip=guard.takes_gzip(request.headers),
        media=media,
        token_id=token.id if token else None,
    )


def _read_path(route: Route, path: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    try:
        return parameters.read_path(path, now)
    except Problem:
        if route.for_people:
            # The pages are a closed list: what is nearly one of them is none.
            raise nothing_here() from None
        raise


def _ticket(request: HTTPServerRequest) -> str:
    """The ticket of a query, which is not yet checked: one that is given twice is refused later."""
    given = request.query_arguments.get("ticket", [])
    return given[0].decode("latin-1") if given else ""


def allowed(here: Mapping[str, Route]) -> str:
    """Header Allow of a path."""
    return ", ".join(sorted({*here, "OPTIONS"} | ({"HEAD"} if "GET" in here else set())))


def not_allowed(here: Mapping[str, Route]) -> Problem:
    """The path is there, the method is not."""
    methods = allowed(here)
    return Problem(405, f"here one may use {methods}", headers={"Allow": methods})


def too_large(room: int) -> Problem:
    """The body has more bytes than it may have here."""
    return Problem(413, f"the body is larger than {room} bytes: send it in pieces")


def _too_many(wait: int) -> Problem:
    return Problem(429, "too many requests from this address", headers={"Retry-After": str(wait)})
