"""The way to one client: at most one frame of events waits on it, and a word of each kind."""

from __future__ import annotations

import asyncio

from tornado.iostream import IOStream, StreamClosedError

#: Bytes that are read of a client at once: clients have little to say.
_CHUNK = 4096


class Line:
    """Writes frames straight to the socket: what it takes at once costs no more than that.

    Args:
        stream: of a connection that has become a WebSocket.
    """

    __slots__ = ("_ended", "_flushing", "_later", "_stream")

    def __init__(self, stream: IOStream) -> None:
        self._stream = stream
        self._flushing: asyncio.Future[None] | None = None
        #: Words for when it is free again, the newest of each kind.
        self._later: dict[str, bytes] = {}
        #: The last frame was sent.
        self._ended = False
        stream.read_chunk_size = _CHUNK
        stream.set_nodelay(True)

    @property
    def busy(self) -> bool:
        """The client has not yet taken all that it was sent."""
        return self._flushing is not None

    @property
    def closed(self) -> bool:
        """Nothing can be sent any more."""
        return self._ended or self._stream.closed()

    def send(self, frame: bytes) -> bool:
        """Send a frame; whether the connection took it whole. One that did not is busy then."""
        if self._ended:
            return False
        if self._flushing is not None:
            raise RuntimeError("a frame was sent to a client that has not taken the last one")
        try:
            sent = self._stream.socket.send(frame)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except (OSError, AttributeError):  # the stream has no socket once it is closed
            self._stream.close()
            return False
        if sent == len(frame):
            return True
        try:
            self._flushing = self._stream.write(memoryview(frame)[sent:])
        except StreamClosedError:
            return False
        self._flushing.add_done_callback(self._flushed)
        return False

    def say(self, kind: str, frame: bytes) -> None:
        """Send a short word now, or when the line is free: then the newest of its kind alone."""
        if self._flushing is not None:
            self._later[kind] = frame
        elif not self.closed:
            self.send(frame)

    async def free(self, seconds: float) -> bool:
        """Wait until all is taken; False when that lasts too long or the connection ends."""
        while (flushing := self._flushing) is not None:
            done, _ = await asyncio.wait([flushing], timeout=seconds)
            if not done:
                return False
            await asyncio.sleep(0)  # the callback below comes first
        return not self.closed

    async def read(self) -> bytes:
        """Some bytes of the client.

        Raises:
            StreamClosedError: it is gone.
        """
        return await self._stream.read_bytes(_CHUNK, partial=True)

    def end(self, frame: bytes, *, drop: bool = False) -> None:
        """Send a last frame behind whatever waits; with ``drop`` cut the connection after it."""
        self._ended = True
        self._later.clear()
        try:
            sent = self._stream.write(frame)
        except StreamClosedError:
            return
        sent.add_done_callback(self._swallow)
        if drop:
            sent.add_done_callback(lambda _: self.drop())

    def drop(self) -> None:
        """Cut the connection."""
        self._stream.close()

    def _flushed(self, flushing: asyncio.Future[None]) -> None:
        self._flushing = None
        self._swallow(flushing)
        while self._later and self._flushing is None and not self.closed:
            self.send(self._later.pop(next(iter(self._later))))

    def _swallow(self, future: asyncio.Future[None]) -> None:
        """A client that leaves is no error."""
        if future.done() and not future.cancelled():
            future.exception()
