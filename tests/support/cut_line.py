"""A TCP line to a server that can be cut: at will, or by itself after so many bytes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_PIECE = 1 << 16
Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class CutLine:
    """Listens on a port of its own and leads each connection to a server.

    Args:
        to: the server's port, or what chooses one for each connection.
        after: bytes after which a connection is cut by itself, in the midst of a frame or of a
            handshake; asked once for each connection. None lets it live.
    """

    def __init__(
        self, to: int | Callable[[], int], after: Callable[[], int | None] = lambda: None
    ) -> None:
        self._to = to if callable(to) else lambda: to
        self._after = after
        #: When each connection came that reached a server, by the monotonic clock.
        self.reached: list[float] = []
        #: How many connections were cut.
        self.cuts = 0
        #: Nobody gets through for as long as it is set.
        self.away = False
        #: No further connection is cut by itself.
        self.whole = False
        self._pairs: set[Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()))

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        """Where to connect to."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Cut every connection that there is."""
        self._loop.call_soon_threadsafe(self._cut_all)

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        self._cut_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _cut_all(self) -> None:
        for pair in self._pairs:
            self._cut(pair)

    def _cut(self, pair: Pair) -> None:
        self.cuts += 1
        for end in pair:
            end.transport.abort()

    def _bytes(self) -> int | None:
        return None if self.whole else self._after()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with suppress(OSError):
                if not self.away:
                    await self._join(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to())
        self.reached.append(time.monotonic())
        pair = (writer, far_writer)
        self._pairs.add(pair)
        asking = asyncio.create_task(_pump(reader, far_writer, None))
        answering = asyncio.create_task(_pump(far_reader, writer, self._bytes()))
        try:
            await asyncio.wait((asking, answering), return_when=asyncio.FIRST_COMPLETED)
            if answering.done() and answering.result():
                self._cut(pair)
        finally:
            self._pairs.discard(pair)
            asking.cancel()
            answering.cancel()
            await asyncio.gather(asking, answering, return_exceptions=True)
            far_writer.close()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
) -> bool:
    """Pass on what comes; whether it is to be cut here."""
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece if left is None else piece[:left])
            await writer.drain()
            if left is not None and (left := left - len(piece)) <= 0:
                return True
    return False


def busiest_second(times: list[float]) -> int:
    """The most of these moments within any one second."""
    ordered, first, most = sorted(times), 0, 0
    for index, moment in enumerate(ordered):
        while ordered[first] <= moment - 1:
            first += 1
        most = max(most, index - first + 1)
    return most
