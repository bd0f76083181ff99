"""The web server: an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tornado import netutil
from tornado.httpserver import HTTPServer
from tornado.web import Application

from prodiguer.config import WebSettings
from prodiguer.errors import ConfigurationError, ProdiguerError
from prodiguer.web.desk import Desk
from prodiguer.web.endpoint import Endpoint
from prodiguer.web.guard import exposed
from prodiguer.web.limits import Limits
from prodiguer.web.listening import listen
from prodiguer.web.services import Services
from prodiguer.web.shelf import BUILT, Shelf
from prodiguer.web.stream import StrictStream

_log = logging.getLogger(__name__)

#: Seconds that requests which are being answered at the end may still take.
_LAST_ANSWERS = 10.0


class WebServer:
    """Serves the routes at an address.

    Args:
        settings: host, port (0: any that is free), tokens, limits of the configuration.
        services: the boxes behind the routes.
        limits: what one client may take.
        pages: where the built pages are; read when the server starts.
    """

    def __init__(
        self,
        settings: WebSettings,
        services: Services,
        limits: Limits | None = None,
        pages: Path = BUILT,
    ) -> None:
        self._settings = settings
        self._services = services
        self._limits = limits or Limits()
        self._pages = pages
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._address: tuple[str, int] | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it listens on."""
        if self._address is None:
            raise ProdiguerError("the web server has not been started")
        return self._address

    def start(self) -> None:
        """Listen, and return when requests are answered.

        Raises:
            ConfigurationError: others than this machine could reach it and no token protects it.
            NotAllowed: the address is taken or not ours.
        """
        desk = Desk.of(self._settings, self._services, self._limits, Shelf.of(self._pages))
        try:
            self._check_doors(desk)
            sockets = listen(self._settings.host, self._settings.port)
        except BaseException:
            desk.close()
            raise
        self._address = sockets[0].getsockname()[:2]
        listening = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(desk, sockets, listening)), name="web"
        )
        self._thread.start()
        listening.wait()
        _log.info("listening", extra={"action": "listening", "door": "web", "at": self._address})

    def stop(self) -> None:
        """Take no more requests, finish those that are being answered, and end. Can be repeated."""
        if self._thread is None or self._loop is None or self._end is None:
            return
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._thread = None

    def _check_doors(self, desk: Desk) -> None:
        if exposed(self._settings) and not desk.doorman.any_active():
            raise ConfigurationError(
                "others than this machine could reach the web server and there is no token: "
                "make one with `prodiguer token create`, or set `host = 127.0.0.1` in [web]"
            )

    async def _run(
        self, desk: Desk, sockets: Sequence[socket.socket], listening: threading.Event
    ) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = _Server(desk)
        desk.meter.watch_live(lambda: desk.live.crowd.count)
        removers = [netutil.add_accept_handler(each, server.take) for each in sockets]
        listening.set()
        await self._end.wait()
        for remove, each in zip(removers, sockets, strict=True):
            remove()
            each.close()
        await desk.live.stop()
        await _quiet(desk)
        await server.close_all_connections()
        await asyncio.to_thread(desk.close)


async def _quiet(desk: Desk) -> None:
    """Wait until nothing is being answered, or for too long."""
    deadline = asyncio.get_running_loop().time() + _LAST_ANSWERS
    while desk.active and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)


class _Server(HTTPServer):
    """The HTTP library's server, behind connections that are counted and strict."""

    def initialize(self, desk: Desk) -> None:  # type: ignore[override]  # it passes its own options on
        self._limits = desk.limits
        self._open = 0
        # Without a log function the library would log whole query strings.
        application = Application([(r".*", Endpoint, {"desk": desk})], log_function=lambda _: None)
        super().initialize(application, idle_connection_timeout=desk.limits.idle)

    def take(self, connection: socket.socket, address: Any) -> None:
        """A client has connected."""
        if self._open >= self._limits.connections:
            connection.close()
            _log.warning("too many connections", extra={"action": "connection_refused"})
            return
        self._open += 1
        self.handle_stream(StrictStream(connection, self._limits), address)

    def on_close(self, server_conn: object) -> None:
        self._open -= 1
        super().on_close(server_conn)
