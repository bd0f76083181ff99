"""Clients of the live stream that come back, keep what they hear, and note what must not be.

They are written against docs/live.md and know nothing of the platform's own client.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path
from typing import Any, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

#: Of an object: its type and its uid.
Key = tuple[str, str]
Url = str | Callable[[], str]
LARGEST = 64 << 20
#: Of the lines of clients that will not read: the kernels on both sides take in little of what
#: they are sent, or nobody would notice before some megabytes.
SMALL_ROOM, SMALL_SEGMENT = 4096, 536


class Event(msgspec.Struct):
    """Of a frame what these clients look at."""

    type: str
    seq: int = -1
    uid: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")
    events: list[Event] = []


_read = msgspec.json.Decoder(Event).decode


def soon(tries: int) -> float:
    """Seconds to wait before another try, where a test is in a hurry."""
    return random.uniform(0, min(0.05 * 2.0**tries, 1.0))


def as_told(tries: int) -> float:
    """Seconds to wait as docs/live.md asks clients to."""
    return random.uniform(0, min(0.5 * 2.0**tries, 10.0))


class Client:
    """Follows the stream over any number of connections until it is stopped.

    Args:
        url: of the platform, or what chooses one for each connection.
        coalesce: newest events only, or each one.
        keep: the objects too; else only the numbers of their events.
        since: where to begin; None begins with what comes now.
        wait: seconds before another try, by how many there were in vain.
        small: its first line takes in little without being read.
        filters: parameters of the stream.
    """

    def __init__(
        self,
        url: Url,
        *,
        coalesce: bool = True,
        keep: bool = False,
        since: int | None = 0,
        wait: Callable[[int], float] = soon,
        small: bool = False,
        **filters: str,
    ) -> None:
        self._url = url if callable(url) else lambda: url
        self._filters = filters if coalesce else {**filters, "coalesce": "no"}
        self._coalesce, self._keep, self._wait, self._small = coalesce, keep, wait, small
        self.position = since
        #: Of each object the newest number, and the object itself where it is kept.
        self.newest: dict[Key, int] = {}
        self.objects: dict[Key, Any] = {}
        #: Without coalescing: every event in the order in which it came: number, type, uid.
        self.events: list[tuple[int, str, str]] = []
        #: How many events came, by type.
        self.told: Counter[str] = Counter()
        #: What went wrong: an event that was known already, a frame out of order.
        self.faults: list[str] = []
        self.hellos = self.resets = 0
        #: Close codes; None where the line just ended.
        self.closes: Counter[int | None] = Counter()
        self._line: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Called in the loop in which it is to live."""
        self.loop = asyncio.get_running_loop()
        self._reading = asyncio.Event()
        self._reading.set()
        self._task = self.loop.create_task(self._follow())

    async def end(self) -> None:
        """Called in that loop; raises what the client raised."""
        assert self._task
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def cut(self) -> None:
        """From any thread: the line is gone without a word."""
        self._do(lambda: self._line and self._line.transport.abort())

    def stall(self) -> None:
        """From any thread: stop reading, and leave the line as it is."""
        self._do(self._reading.clear)

    def go_on(self) -> None:
        """From any thread: read again."""
        self._do(self._reading.set)

    def _do(self, what: Callable[[], Any]) -> None:
        assert self.loop
        self.loop.call_soon_threadsafe(what)

    @property
    def connected(self) -> bool:
        """It was greeted and was not cut since, as far as it knows."""
        return self._line is not None

    async def _follow(self) -> None:
        tries = 0
        while True:
            before = self.hellos
            try:
                await self._connection()
            except ConnectionClosed as closed:
                self.closes[closed.rcvd.code if closed.rcvd else None] += 1
            except (OSError, InvalidHandshake):
                pass
            finally:
                self._line = None
            tries = tries + 1 if self.hellos == before else 0
            await asyncio.sleep(self._wait(tries))

    async def _connection(self) -> None:
        url = urllib.parse.urlsplit(self._url())
        given = dict(self._filters)
        if self.position is not None:
            given["since"] = str(self.position)
        address = f"ws://{url.netloc}/api/v1/live?{urllib.parse.urlencode(given)}"
        async with AsyncExitStack() as stack:
            door = stack.enter_context(socket.socket())
            if self._small and not self.hellos:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_ROOM)
                door.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENT)
            door.setblocking(False)
            where = (url.hostname or "", url.port or 80)
            await asyncio.get_running_loop().sock_connect(door, where)
            line = await stack.enter_async_context(
                connect(
                    address, sock=door, compression=None, max_size=LARGEST, max_queue=1,
                    ping_interval=None, close_timeout=0.2, proxy=None,
                )
            )  # fmt: skip
            while True:
                await self._reading.wait()
                self._take(await line.recv(decode=False), line)

    def _take(self, raw: bytes, line: ClientConnection) -> None:
        frame = _read(raw)
        if frame.type == "hello":
            self.hellos += 1
            self._line = line
            if self.position is None:
                self.position = frame.seq
            if frame.seq != self.position:
                self.faults.append(f"greeted with {frame.seq} at {self.position}")
        elif frame.type == "reset":
            self.resets += 1
            self.position = frame.seq
        elif frame.type == "batch":
            for event in frame.events:
                self._event(event)
            if frame.seq != self.position:
                self.faults.append(f"a batch of {frame.seq} ends with {self.position}")
        elif frame.type != "pong":
            self._event(frame)

    def _event(self, event: Event) -> None:
        if self.position is None or event.seq <= self.position:
            self.faults.append(f"event {event.seq} came at {self.position}")
        self.position = event.seq
        self.told[event.type] += 1
        self.newest[event.type, event.uid] = event.seq
        if not self._coalesce:
            self.events.append((event.seq, event.type, event.uid))
        if self._keep:
            self.objects[event.type, event.uid] = msgspec.json.decode(event.data)


class Clients:
    """Any number of clients in a thread of their own."""

    def __init__(self) -> None:
        self.all: list[Client] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()))
        self._raised: list[BaseException] = []

    def follow(self, url: Url, count: int = 1, **more: Any) -> list[Client]:
        """So many more clients, which begin at once."""
        made = [Client(url, **more) for _ in range(count)]
        self.all += made
        for client in made:
            self._loop.call_soon_threadsafe(client.begin)
        return made

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._raised:
            raise self._raised[0]

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        ends = await asyncio.gather(*(c.end() for c in self.all), return_exceptions=True)
        self._raised += [end for end in ends if isinstance(end, BaseException)]


def log_of(data: Path) -> list[tuple[int, str, str]]:
    """The log itself: every event in the order of its number: number, type, uid."""
    with closing(sqlite3.connect(data / "prodiguer.db")) as database:
        return database.execute("select number, type, uid from events order by number").fetchall()


def newest_of(log: list[tuple[int, str, str]]) -> dict[Key, int]:
    """Of each object the number of its newest event."""
    return {(kind, uid): number for number, kind, uid in log}
