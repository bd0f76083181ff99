"""What is done for live clients as time goes by: signs of life, figures, tokens taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from prodiguer.errors import Unavailable
from prodiguer.web.etags import encode
from prodiguer.web.limits import Limits
from prodiguer.web.live import frames
from prodiguer.web.live.crowd import Crowd
from prodiguer.web.live.lookout import PATIENCE
from prodiguer.web.pool import Pool
from prodiguer.web.problems import Problem

_log = logging.getLogger(__name__)


class Keeper:
    """Goes round, from the first client on.

    Args:
        crowd: the clients.
        limits: how often.
        figures: what the frames `stats` say.
        is_good: whether one who came with a token may stay, by its id; None: without one.
        position: how far the log was read.
    """

    def __init__(
        self,
        crowd: Crowd,
        limits: Limits,
        figures: Callable[[], Mapping[str, Any]],
        is_good: Callable[[str | None], bool],
        position: Callable[[], int],
    ) -> None:
        self._crowd = crowd
        self._limits = limits
        self._figures = figures
        self._is_good = is_good
        self._position = position
        self._thread = Pool("web-keeper", 1, 2)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Go round, if that is not done already."""
        self._tasks = [task for task in self._tasks if not task.done()]
        if not self._tasks:
            rounds = (
                (self._limits.live_tick, self._ask_for_life),
                (self._limits.live_stats, self._tell_figures),
                (self._limits.live_tokens, self._check_tokens),
            )
            self._tasks = [asyncio.create_task(self._go_round(*each)) for each in rounds]

    async def stop(self) -> None:
        """Go round no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Wait for what the thread still asks."""
        self._thread.close()

    async def _go_round(self, seconds: float, do: Callable[[], Any]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await do()
            except (Unavailable, Problem) as error:
                _log.warning("this round is left out: %s", error, extra={"action": "live_paused"})
            except Exception:  # noqa: BLE001 - the next round may succeed
                _log.exception("a round failed", extra={"action": "live_failed"})

    async def _ask_for_life(self) -> None:
        now = asyncio.get_running_loop().time()
        for client in list(self._crowd.clients):
            client.ask_for_life(now)

    async def _tell_figures(self) -> None:
        wanting = [group for group in self._crowd if group.current and group.wants_stats]
        if not wanting:
            return
        data = await self._thread.run(PATIENCE, self._figures)
        told = {"type": "stats", "seq": self._position(), "at": datetime.now(UTC), "data": data}
        frame = frames.text(encode(told))
        for group in wanting:
            for client in list(group.current):
                client.line.say("stats", frame)

    async def _check_tokens(self) -> None:
        ids = {client.visitor.token_id for client in self._crowd.clients}
        good = await self._thread.run(PATIENCE, self._good, ids)
        for client in list(self._crowd.clients):
            token = client.visitor.token_id
            if token in ids - good:
                why = "the token is no longer good" if token else "a token is asked for now"
                client.close(frames.POLICY, why)

    def _good(self, ids: set[str | None]) -> set[str | None]:
        return {token for token in ids if self._is_good(token)}
