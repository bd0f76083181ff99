"""Threads for calls that wait: a bounded number of them, a bounded queue, a bounded time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from prodiguer.web.problems import Problem, unavailable

T = TypeVar("T")


class Pool:
    """Runs functions beside the event loop.

    Args:
        name: of the threads.
        threads: calls at once.
        waiting: calls that may wait for a thread; more are refused at once, since a client that
            waits for its turn behind a thousand others has long gone.
    """

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + waiting
        self._inside = 0
        self._lock = threading.Lock()

    async def run(self, timeout: float, function: Callable[..., T], *arguments: Any) -> T:
        """The function's result.

        Raises:
            Problem: 503, when there is no room or it takes longer than ``timeout`` seconds.
        """
        future = self._submit(function, *arguments)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), timeout)
        except TimeoutError:
            raise unavailable(
                "this takes too long just now: wait and send the same request again"
            ) from None

    def begin(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Run a function for which nobody waits; False where there is no room for it."""
        try:
            self._submit(function, *arguments)
        except Problem:
            return False
        return True

    def close(self) -> None:
        """Begin nothing more and wait for what runs."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        with self._lock:
            if self._inside >= self._room:
                raise unavailable("too many requests wait already: wait and send this one again")
            self._inside += 1
        future = self._executor.submit(function, *arguments)
        # Counted until it truly ends: a call that nobody waits for any more still holds a thread.
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: Future[Any]) -> None:
        with self._lock:
            self._inside -= 1
