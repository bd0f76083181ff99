"""The hub of a server's live clients: lets them in, keeps an eye on them, says goodbye."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tornado.iostream import IOStream

from prodiguer.ports.clock import Clock
from prodiguer.ports.live import EventLog
from prodiguer.web.etags import encode
from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.client import Client, Visitor
from prodiguer.web.live.composing import reset
from prodiguer.web.live.crowd import Crowd
from prodiguer.web.live.delivery import Delivery
from prodiguer.web.live.groups import Group
from prodiguer.web.live.keeper import Keeper
from prodiguer.web.live.lookout import PATIENCE, Lookout
from prodiguer.web.live.reader import Reader
from prodiguer.web.problems import unavailable

_log = logging.getLogger(__name__)


class Hub:
    """All of it belongs to the event loop; only reading the database is done in threads.

    Args:
        log: the events.
        clock: for what depends on the hour.
        limits: on clients, and how often to look at the log.
        figures: what the frames `stats` say; called in a thread.
        is_good: whether one who came with a token may stay, by its id; None: without one. Called
            in a thread.
    """

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        limits: Limits,
        *,
        figures: Callable[[], Mapping[str, Any]],
        is_good: Callable[[str | None], bool],
    ) -> None:
        reader = Reader(log, clock)
        self._limits = limits
        self.crowd = Crowd(limits.live)
        self._delivery = Delivery(reader, self.crowd, limits)
        self._lookout = Lookout(
            reader,
            self.crowd,
            limits,
            lambda news: self._delivery.publish(news, self._lookout.ring),
        )
        self._keeper = Keeper(self.crowd, limits, figures, is_good, lambda: self.position)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def position(self) -> int:
        """How far it has read the log."""
        return self._lookout.ring.end

    async def welcome(self, query: Mapping[str, Any]) -> Group:
        """A place for one more client; `enter` or `turn_away` follows.

        Raises:
            Problem: 503: there is no place, or the events cannot be read.
        """
        group = self.crowd.reserve(query)
        try:
            # From now on all that it wants is read, and "now" is really now.
            await asyncio.wait_for(self._lookout.look(), PATIENCE)
        except TimeoutError:
            self.turn_away(group)
            raise unavailable("the events cannot be read just now: come again later") from None
        except BaseException:
            self.turn_away(group)
            raise
        return group

    def turn_away(self, group: Group) -> None:
        """One that was welcomed does not come."""
        self.crowd.free(group)

    def enter(self, stream: IOStream, group: Group, visitor: Visitor, since: int | None) -> None:
        """A welcomed client's connection has become a WebSocket.

        Args:
            stream: the connection.
            group: as of `welcome`.
            visitor: who it is.
            since: the position to go on from; None: from now on; negative: from none that can be.
        """
        client = Client(stream, visitor, self._limits, self._told)
        self.crowd.clients[client] = group
        head = self.position
        known = since is not None and 0 <= since <= head
        client.position = since if since is not None and known else head
        said = {"type": "hello", "seq": client.position, "at": datetime.now(UTC)}
        client.line.say("hello", frames.text(encode(said)))
        if since is not None and not known:
            client.line.say("reset", reset(head))
        self._delivery.follow(client, group, self._lookout.ring)
        self._keeper.begin()
        self._begin(self._attend(client))

    async def stop(self) -> None:
        """Say goodbye to all, and wait until they are gone, or for a moment."""
        await self._keeper.stop()
        await self._lookout.stop()
        await self._delivery.stop()
        for client in list(self.crowd.clients):
            client.close(frames.GOING_AWAY, "the server stops")
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._limits.live_goodbye)
        for client in list(self.crowd.clients):
            client.line.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Wait for what the threads still read."""
        self._keeper.close()
        self._lookout.close()
        self._delivery.close()

    async def _attend(self, client: Client) -> None:
        try:
            await client.listen()
        finally:
            client.line.drop()
            self.crowd.leave(client)
            fields = {"action": "live_closed", "code": client.closed_with} | client.fields
            _log.info("a live client has gone", extra=fields)

    def _told(self, client: Client) -> int:
        """The position that a client has reached."""
        return self.position if client in self.crowd.clients[client].current else client.position

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
