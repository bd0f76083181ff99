"""Everything that the conversations of one door share: its rules, its inbox, its counters."""

from __future__ import annotations

import asyncio
import ssl
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from prodiguer.config import SmtpSettings
from prodiguer.ingest.inbox import Inbox, Incoming
from prodiguer.ingest.smtp.census import Census
from prodiguer.ingest.smtp.passwords import Passwords
from prodiguer.ingest.smtp.statistics import Statistics


class Guest(Protocol):
    """A connection, as the door that closes sees it."""

    def hurry(self) -> None:
        """End now, or after the mail that is being received."""
        ...

    def cut(self) -> None:
        """End at once."""
        ...


@dataclass(slots=True, kw_only=True)
class Reception:
    """One door, as its conversations see it; used by the door's event loop alone.

    ``executor`` does what waits for the disk or burns the processor.
    """

    settings: SmtpSettings
    hostname: str
    inbox: Inbox
    executor: Executor
    census: Census
    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    passwords: Passwords | None = None
    statistics: Statistics = field(default_factory=Statistics)
    conversations: set[Guest] = field(default_factory=set)
    stopping: bool = False
    _storing: set[asyncio.Future[str]] = field(default_factory=set)

    async def store(self, incoming: Incoming) -> None:
        """Return when the mail is durable; a caller that goes away meanwhile changes nothing.

        Raises:
            InboxFull: there is no room.
            InboxBroken: it cannot be made durable.
        """
        loop = asyncio.get_running_loop()
        storing = loop.run_in_executor(self.executor, self.inbox.store, incoming)
        # Kept here, because nobody else may be left who waits for it.
        self._storing.add(storing)
        storing.add_done_callback(partial(self._stored, incoming.size))
        await asyncio.shield(storing)

    def _stored(self, size: int, storing: asyncio.Future[str]) -> None:
        self._storing.discard(storing)
        if not storing.cancelled() and storing.exception() is None:
            self.statistics.mails += 1
            self.statistics.bytes += size

    async def settled(self) -> None:
        """Return when no mail is on its way to the disk."""
        if self._storing:
            await asyncio.wait(set(self._storing))
