"""One HTTP request: admit it, take its body, answer it, whatever the route.

The route table says what differs between routes; everything that must be the same for all of
them (guard, tokens, limits, errors, headers, logs) happens on this way and nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, cast

from tornado.http1connection import HTTP1Connection
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler, stream_request_body

from prodiguer.web import admission, pages, reply, routes
from prodiguer.web.body import Body
from prodiguer.web.desk import Desk
from prodiguer.web.live import handshake
from prodiguer.web.live.client import Visitor
from prodiguer.web.problems import Problem, from_failure, unavailable
from prodiguer.web.reply import Reply
from prodiguer.web.route import Call, Route
from prodiguer.web.security import ALWAYS
from prodiguer.web.stream import StrictStream

_log = logging.getLogger("prodiguer.web")

#: The longest path that a log line shows.
_LOGGED_PATH = 200


@stream_request_body
class Endpoint(RequestHandler):
    """Answers every request of the server."""

    def initialize(self, desk: Desk) -> None:
        self._desk = desk
        self._began = time.monotonic()
        self._route: Route | None = None
        self._call: Call | None = None
        self._token_id: str | None = None
        self._body: Body | None = None
        self._room = desk.limits.small_body
        self._received = 0
        self._uploading = self._serving = self._left = self._noted = False
        #: Decided before the body; sent after it, or the connection could not be used again.
        self._early: Reply | None = None
        self._draining: Awaitable[None] | None = None
        self._clock: object | None = None
        desk.active += 1

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in ALWAYS.items():
            self.set_header(name, value)

    def compute_etag(self) -> None:
        """Tags are made where the body is made."""

    # -- before the body

    async def prepare(self) -> None:
        # The library's own bound closes connections without a word.
        self._connection.set_max_body_size(sys.maxsize)
        try:
            await self._admit()
        except Exception as error:  # noqa: BLE001 - every failure becomes an answer
            self._refuse(self._problem(error))

    async def _admit(self) -> None:
        desk, request = self._desk, self.request
        admission.check_client(desk, request, self._began)
        here, path = admission.find_here(request)
        if request.method == "OPTIONS":
            self._early = Reply(204, {"Allow": admission.allowed(here)})
            return
        route = self._route = admission.choose(here, request.method)
        token = await admission.check_token(desk, route, request, self._began)
        self._token_id = token.id if token else None
        media, self._room = admission.check_form(desk, route, request, token)
        self._call = admission.read_call(desk, route, request, path, media, token)
        if route.live:
            handshake.check(request)
        self._expect_body(route)

    def _expect_body(self, route: Route) -> None:
        limits = self._desk.limits
        if route.bodies:
            if self._desk.uploads >= limits.uploads:
                raise unavailable("too many bodies come in just now: send this one again later")
            self._desk.uploads += 1
            self._uploading = True
            self._body = Body(self._desk.spoolers)
        if self._has_body:
            self._start_clock(limits.upload if route.bodies else limits.body, self._too_slow)

    # -- while the body comes in

    async def data_received(self, chunk: bytes) -> None:
        if self._draining or self._finished:
            return
        self._received += len(chunk)
        if self._received > self._room:
            self._refuse(admission.too_large(self._room))
        elif self._body is not None:
            try:
                await self._body.write(chunk)
            except Exception as error:  # noqa: BLE001 - every failure becomes an answer
                self._refuse(self._problem(error))

    def _too_slow(self) -> None:
        self._refuse(Problem(408, "the body took too long to come in: send it again, faster"))

    # -- the answer

    async def _serve(self) -> None:
        if self._draining is not None:
            await self._taken(self._draining)
            self._hang_up()
            return
        self._stop_clock()
        self._serving = True
        try:
            if self._early is None and self._route is not None and self._route.live:
                await self._go_live()
                return
            answered = self._early or await self._produce()
        except Exception as error:  # noqa: BLE001 - every failure becomes an answer
            answered = reply.of_problem(self._problem(error))
        if self._body is not None and not self._body.taken:
            self._body.close()
        if not self._finished:
            await self._taken(self._send(answered))

    # Every method comes by here; those that a route lacks were refused before.
    get = head = post = delete = put = patch = options = _serve

    async def _produce(self) -> Reply:
        if self._route is None or self._call is None:
            raise RuntimeError("a request was served that was not admitted")
        desk = self._desk
        known = self.request.headers.get("If-None-Match")
        if self._route.at_once:
            return reply.produce(self._route, self._call, None, known)
        pool, seconds = (
            (desk.writers, desk.limits.store)
            if self._route.stores
            else (desk.readers, desk.limits.query)
        )
        return await pool.run(seconds, reply.produce, self._route, self._call, self._body, known)

    async def _go_live(self) -> None:
        """Leave HTTP: from here on the connection is the hub's, and counts there."""
        call = cast("Call", self._call)
        live = self._desk.live
        group = await live.welcome(call.query)
        head = handshake.answer(self.request)
        visitor = Visitor(self.request.remote_ip or "", self._token_id)
        stream = self.detach()
        if stream is None or stream.closed():
            live.turn_away(group)
            self._leave()
            return
        self.set_status(101)
        self._leave()
        self._note()
        stream.write(head)
        live.enter(stream, group, visitor, call.get("since"))

    def _send(self, answered: Reply) -> Awaitable[None]:
        self._fill(answered)
        return self.finish(answered.content or None)

    def _fill(self, answered: Reply) -> None:
        self.set_status(answered.status)
        self.clear_header("Content-Type")
        for name, value in answered.headers.items():
            self.set_header(name, value)

    async def _taken(self, sent: Awaitable[None]) -> None:
        """Cut off a client that does not take its answer: it would hold it in memory for ever."""
        with contextlib.suppress(StreamClosedError):  # a client that left wants no answer
            try:
                await asyncio.wait_for(sent, self._desk.limits.send)
            except TimeoutError:
                _log.warning("a client does not read", extra={"action": "client_cut_off"})
                self._connection.close()

    # -- refusals

    def _refuse(self, problem: Problem) -> None:
        """Answer now, and let the client go on sending for a moment so that it reads why."""
        if self._draining or self._finished:
            return
        self._stop_clock()
        answered = self._for_the_lost(problem) or reply.of_problem(problem)
        if not self._has_body:
            self._early = answered
            return
        self._fill(answered)
        self.set_header("Connection", "close")
        self.set_header("Content-Length", str(len(answered.content)))
        if "Expect" in self.request.headers:
            # The body was not sent yet, and now it will not be.
            self.finish(answered.content)
            return
        self.write(answered.content)
        self._draining = self.flush()
        cast("StrictStream", self._connection.stream).answered = True
        self._note()
        self._start_clock(self._desk.limits.drain, self._hang_up)

    def _for_the_lost(self, problem: Problem) -> Reply | None:
        request = self.request
        if problem.status != 404 or request.method not in ("GET", "HEAD"):
            return None
        return pages.for_the_lost(self._desk.shelf, request.path, request.headers.get("Accept", ""))

    def _hang_up(self) -> None:
        if not self._finished:
            self.finish()
        self._connection.close()

    def _problem(self, error: Exception) -> Problem:
        problem = from_failure(error)
        if problem is not None:
            return problem
        path = self.request.path[:_LOGGED_PATH]
        _log.error(
            "a request failed", exc_info=error, extra={"action": "request_failed", "path": path}
        )
        if isinstance(error, OSError):
            return unavailable("this process has no room for the request: send it again later")
        return Problem(500, "this is an error of the server: its log has the details")

    def write_error(self, status_code: int, **_: Any) -> None:
        """What the library refuses by itself: methods that nobody has."""
        here, _path = routes.find(self.request.path)
        problem = Problem(status_code, "the request cannot be answered")
        if status_code == 405:
            problem = admission.not_allowed(here)
        self._send(reply.of_problem(problem))

    def log_exception(
        self,
        typ: type[BaseException] | None,  # noqa: ARG002 - the library calls it with three
        value: BaseException | None,
        tb: TracebackType | None,  # noqa: ARG002 - the library calls it with three
    ) -> None:
        _log.warning("a request was not understood: %s", value, extra={"action": "request_refused"})

    # -- the end

    def on_finish(self) -> None:
        self._leave()
        self._note()

    def _note(self) -> None:
        """Count and log the request, once its answer is on its way."""
        if self._noted:
            return
        self._noted = True
        seconds = time.monotonic() - self._began
        method = self.request.method or ""
        method = method if method in self.SUPPORTED_METHODS else "other"
        route, status = self._route.path if self._route else "other", self.get_status()
        self._desk.meter.count(method, route, status, seconds)
        # The path alone: a query may hold what somebody pasted into the wrong place.
        path = self.request.path[:_LOGGED_PATH]
        fields = {
            "action": "request",
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "address": self.request.remote_ip,
            "token": self._token_id,
        }
        _log.info("%s %s %s", method, path, status, extra=fields)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._leave()

    def _leave(self) -> None:
        """Give back what this request holds; called at its end, whichever way it ends."""
        self._stop_clock()
        if self._left:
            return
        self._left = True
        self._desk.active -= 1
        if self._uploading:
            self._desk.uploads -= 1
        if self._body is not None and not self._serving:
            self._body.close()

    def _start_clock(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_clock()
        self._clock = IOLoop.current().call_later(seconds, then)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            IOLoop.current().remove_timeout(self._clock)
            self._clock = None

    @property
    def _connection(self) -> HTTP1Connection:
        return cast("HTTP1Connection", self.request.connection)

    @property
    def _has_body(self) -> bool:
        headers = self.request.headers
        return "Transfer-Encoding" in headers or headers.get("Content-Length", "0").strip("0") != ""
