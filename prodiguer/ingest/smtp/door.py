"""The SMTP door: opens the port, runs the conversations on a thread of its own, closes the port."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from prodiguer.config import SmtpSettings
from prodiguer.errors import ConfigurationError, Unavailable
from prodiguer.ingest.inbox import Inbox, InboxBroken
from prodiguer.ingest.smtp.census import Census
from prodiguer.ingest.smtp.exposure import check_exposure, listens_on_loopback, tls_context
from prodiguer.ingest.smtp.passwords import Passwords
from prodiguer.ingest.smtp.reception import Reception
from prodiguer.ingest.smtp.session import MailSession
from prodiguer.ingest.smtp.statistics import Statistics

log = logging.getLogger(__name__)

#: Seconds that mails which are being received have left when the door closes.
_GRACE = 5.0
#: Threads that wait for the disk; more of them sync no faster.
_WRITERS = 8
_BACKLOG = 512


class SmtpDoor:
    """A server that takes mails into an inbox, and says 250 only once a mail is durable.

    Args:
        settings: the section ``[smtp]``; port 0 takes any free port.
        inbox: where the mails go.
    """

    def __init__(self, settings: SmtpSettings, inbox: Inbox) -> None:
        self._settings = settings
        self._inbox = inbox
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.statistics = Statistics()
        self._closing: asyncio.Event | None = None
        self.address: tuple[str, int] = (settings.host, settings.port)

    def start(self) -> None:
        """Open the port; return when connections are taken.

        Raises:
            ConfigurationError: the settings would expose the door, or the port cannot be opened.
        """
        check_exposure(self._settings)
        reception = self._receive_at()
        listener = _listen(self._settings.host, self._settings.port)
        self.address = listener.getsockname()[:2]
        self._inbox.recover()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, reception, ready)), name="smtp"
        )
        self._thread.start()
        while not ready.wait(0.2):
            if not self._thread.is_alive():
                listener.close()
                raise ConfigurationError("[smtp] the door could not be opened: see the log")

    def stop(self) -> None:
        """Close the port and end; a mail that is half received has some seconds to come in."""
        if self._thread is None or self._loop is None or self._closing is None:
            return
        with contextlib.suppress(RuntimeError):  # its loop has ended already
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._thread = None

    def check(self) -> None:
        """Return when mails are taken.

        Raises:
            Unavailable: the door is closed, or the disk has failed it.
        """
        if self._thread is None or not self._thread.is_alive():
            raise Unavailable("the SMTP door is closed")
        if self._inbox.broken:
            raise Unavailable(str(InboxBroken()))

    def _receive_at(self) -> Reception:
        settings = self._settings
        tls = tls_context(settings)
        return Reception(
            settings=settings,
            hostname=socket.gethostname() or "localhost",
            inbox=self._inbox,
            executor=ThreadPoolExecutor(_WRITERS, thread_name_prefix="smtp-store"),
            census=Census(settings.max_sessions),
            tls=tls,
            require_tls=tls is not None and not listens_on_loopback(settings.host),
            statistics=self.statistics,
            passwords=Passwords(Path(settings.auth)) if settings.auth else None,
        )

    async def _serve(
        self, listener: socket.socket, reception: Reception, ready: threading.Event
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        loop = self._loop
        server = await loop.create_server(
            lambda: MailSession(reception, loop), sock=listener, backlog=_BACKLOG
        )
        ready.set()
        log.info("open", extra={"action": "smtp_open", "address": self.address})
        await self._closing.wait()
        server.close()
        await _see_off(reception)
        await server.wait_closed()
        reception.executor.shutdown()


async def _see_off(reception: Reception) -> None:
    """End all conversations: idle ones now, those that receive a mail within the grace."""
    reception.stopping = True
    for conversation in list(reception.conversations):
        conversation.hurry()
    end = asyncio.get_running_loop().time() + _GRACE
    while reception.conversations and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.02)
    for conversation in list(reception.conversations):
        conversation.cut()
    await reception.settled()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65_535:
        raise ConfigurationError(f"[smtp] port is from 0 to 65535, not {port}: set another `port`")
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        raise ConfigurationError(
            f"[smtp] cannot listen on {host or '*'}:{port}: {error};"
            " end what listens there, or choose another: --smtp HOST:PORT, or `port` in [smtp]"
        ) from error
    return listener
