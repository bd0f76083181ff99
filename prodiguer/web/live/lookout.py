"""Looks at the log while somebody is there to be told, and at no other time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TypeVar

from prodiguer.errors import Unavailable
from prodiguer.web.limits import Limits
from prodiguer.web.live.crowd import Crowd
from prodiguer.web.live.reader import News, Reader
from prodiguer.web.live.ring import Ring
from prodiguer.web.pool import Pool
from prodiguer.web.problems import Problem

_log = logging.getLogger(__name__)

#: Seconds that reading the log may take, and after a failure until it is tried again.
PATIENCE = 10.0
RETRY = 1.0
#: From so many events in one look on it is looked less often, so that more are coalesced. More
#: than a look finds at some thousand events a second: looking late makes the next one large, and
#: a bound that is met then would keep it late for good.
_MUCH = 500
#: After a look that took long it rests for so many times as long, as far as patience goes.
_REST = 1.0

T = TypeVar("T")


class Lookout:
    """Keeps the ring up to date.

    Args:
        reader: of the log.
        crowd: to whom it matters.
        limits: how often to look.
        publish: called with the news, when the ring has them.
    """

    def __init__(
        self, reader: Reader, crowd: Crowd, limits: Limits, publish: Callable[[News], None]
    ) -> None:
        self.ring = Ring(limits.live_events, limits.live_room)
        self._reader = reader
        self._crowd = crowd
        self._limits = limits
        self._publish = publish
        self._thread = Pool("web-live", 1, 1)
        #: Those that want to know when a look that begins from now on is over.
        self._waiting: list[asyncio.Future[None]] = []
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Return when the log was looked at, at a moment after this call."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._asked.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await done

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def close(self) -> None:
        """Wait for what the thread still reads."""
        self._thread.close()

    async def _run(self) -> None:
        fresh = True
        while self._crowd.count:
            try:
                if fresh:
                    await self._begin()
                    fresh = False
                await self._once()
            except (Unavailable, Problem) as error:
                _log.warning("events cannot be read: %s", error, extra={"action": "live_paused"})
                await asyncio.sleep(RETRY)
            except Exception:  # noqa: BLE001 - clients wait: the next look may succeed
                _log.exception("looking at the log failed", extra={"action": "live_failed"})
                await asyncio.sleep(RETRY)

    async def _begin(self) -> None:
        """After a time without clients the log may be far ahead."""
        start = await self._ask(self._reader.beginning, self.ring.end)
        if start != self.ring.end:
            self.ring.restart(start)

    async def _once(self) -> None:
        began = asyncio.get_running_loop().time()
        waiting, self._waiting = self._waiting, []
        self._asked.clear()
        more = True
        try:
            while more:
                news = await self._ask(self._reader.news, self.ring.end, self._crowd.interest)
                if news:
                    self.ring.add(news.events, news.end)
                    self._publish(news)
                more = news is not None and news.more
        except Exception:
            self._waiting = waiting + self._waiting
            raise
        for done in waiting:
            if not done.done():
                done.set_result(None)
        took = asyncio.get_running_loop().time() - began
        with contextlib.suppress(TimeoutError):
            # Whoever comes in does not wait for the next round.
            await asyncio.wait_for(self._asked.wait(), self._pause(news, took))

    def _pause(self, news: News | None, took: float) -> float:
        most = self._limits.live_busy_poll
        if news is not None and len(news.events) >= _MUCH:
            return most
        return min(max(self._limits.live_poll, _REST * took), most)

    async def _ask(self, question: Callable[..., T], *arguments: object) -> T:
        return await self._thread.run(PATIENCE, question, *arguments)
