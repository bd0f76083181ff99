"""How events come to clients: at once to those that are current, one by one to those behind.

A client is *current* when it was sent everything: the next frames of its group are its own. It is
*behind* when it has not yet taken a frame, or when it resumes: then a task of its own brings it
up to date, frame by frame, from memory or from the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from prodiguer.errors import Unavailable
from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.client import Client
from prodiguer.web.live.composing import Step, compose, reset
from prodiguer.web.live.crowd import Crowd
from prodiguer.web.live.groups import Group
from prodiguer.web.live.lookout import PATIENCE, RETRY
from prodiguer.web.live.reader import News, Reader
from prodiguer.web.live.ring import Ring
from prodiguer.web.pool import Pool
from prodiguer.web.problems import Problem

_log = logging.getLogger(__name__)

#: Seconds that telling the groups may keep the event loop. Those that are not told by then come
#: one by one, and everything else between them: each may want something else of a long list.
SLICE = 0.05


class Delivery:
    """Brings events to clients.

    Args:
        reader: of the log, for what is no longer in memory.
        crowd: the clients.
        limits: on their slowness.
    """

    def __init__(self, reader: Reader, crowd: Crowd, limits: Limits) -> None:
        self._reader = reader
        self._crowd = crowd
        self._limits = limits
        self._threads = Pool("web-missed", limits.live_readers, limits.live)
        self._tasks: set[asyncio.Task[None]] = set()
        #: One frame is composed at a time.
        self._turn = asyncio.Lock()

    def publish(self, news: News, ring: Ring) -> None:
        """Tell all that are current; in a crowd that wants many things, some of them later."""
        if not news.events:
            return
        before = news.events[0].seq - 1
        clock = asyncio.get_running_loop().time
        end = clock() + SLICE
        for group in self._crowd:
            if clock() > end:
                group.forget_steps()
                for client in list(group.current):
                    self._fall_behind(client, group, before, ring)
                continue
            steps = group.steps(news.events)
            for client in list(group.current) if steps else ():
                self._send(client, group, before, steps, ring)

    def follow(self, client: Client, group: Group, ring: Ring) -> None:
        """Bring a client up to date from its position; it is current then."""
        task = asyncio.create_task(self._follow_or_drop(client, group, ring))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave everybody where he is."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Wait for what the threads still read."""
        self._threads.close()

    def _send(
        self, client: Client, group: Group, before: int, steps: Sequence[Step], ring: Ring
    ) -> None:
        position = before
        for number, (frame, seq) in enumerate(steps, 1):
            # Where the line is still busy with a mere word, the frame is not the client's own yet.
            if not client.line.busy:
                whole = client.line.send(frame)
                position = ring.end if number == len(steps) else seq
                if whole:
                    continue
            self._fall_behind(client, group, position, ring)
            return

    def _fall_behind(self, client: Client, group: Group, position: int, ring: Ring) -> None:
        client.position = position
        group.current.discard(client)
        self.follow(client, group, ring)

    async def _follow_or_drop(self, client: Client, group: Group, ring: Ring) -> None:
        try:
            await self._follow(client, group, ring)
        except Exception:  # noqa: BLE001 - it comes again and resumes
            _log.exception("a live client is lost", extra={"action": "live_failed"})
            client.line.drop()

    async def _follow(self, client: Client, group: Group, ring: Ring) -> None:
        while await self._is_ready(client):
            if client.position == ring.end:
                group.current.add(client)
                return
            async with self._turn:
                await asyncio.sleep(0)  # whoever else has something to do comes first
                step = self._remembered(client, group, ring)
            if step is None:
                step = await self._looked_up(client, group, ring)
            if step is None or client.line.busy:
                continue
            frame, client.position = step
            if frame:
                client.line.send(frame)

    async def _is_ready(self, client: Client) -> bool:
        """It has taken what it was sent; one that does not in time is cut off."""
        if await client.line.free(self._limits.live_slow):
            return client.open
        if client.open:
            _log.warning("a live client is too slow", extra={"action": "live_cut"} | client.fields)
            client.close(frames.TOO_SLOW, f"too slow: reconnect with since={client.position}")
        return False

    def _remembered(self, client: Client, group: Group, ring: Ring) -> Step | None:
        """The next step from memory, which has to know all of it."""
        events = ring.after(client.position)
        if events is None or group.lacks(events):
            return None
        return group.step(client.position, events) or (b"", ring.end)

    async def _looked_up(self, client: Client, group: Group, ring: Ring) -> Step | None:
        """The next step from the log; None: try again."""
        end, position = ring.end, client.position
        question = (self._reader.missed, position, group.which, group.coalesce)
        try:
            news = await self._threads.run(PATIENCE, *question)
        except (Unavailable, Problem) as error:
            _log.warning("events cannot be read: %s", error, extra={"action": "live_paused"})
            await asyncio.sleep(RETRY)
            return None
        if position < news.first - 1:
            return reset(end), end
        # What the hub itself has not yet seen, it will tell.
        events = [event for event in news.events if event.seq <= end]
        steps = list(compose(events, group.which, coalesce=group.coalesce))
        if len(steps) > 1:
            return steps[0]
        return steps[0][0] if steps else b"", min(news.end, end)
