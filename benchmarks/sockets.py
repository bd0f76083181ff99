"""A WebSocket client that costs little: it counts what comes and reads only what it must."""

from __future__ import annotations

import base64
import os
import socket
import struct
import time
from collections.abc import Iterator

import msgspec

#: As both servers write the beginning of an event; nothing inside of one looks like it.
EVENT = b'{"seq":'
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_CHUNK = 1 << 18


class Event(msgspec.Struct):
    """Of an event what is looked at."""

    type: str
    seq: int = -1
    uid: str = ""
    events: list[Event] = []


_read = msgspec.json.Decoder(Event).decode


class Line:
    """One client.

    Args:
        port: of the server on this machine.
        path: with its parameters.
        whole: read every event and note when it came; else they are counted.
        room: bytes that the kernel takes in for it; the usual where it is 0.
    """

    __slots__ = ("_buffer", "code", "count", "events", "frames", "size", "socket", "whole")

    def __init__(self, port: int, path: str, *, whole: bool = False, room: int = 0) -> None:
        self.whole = whole
        #: Events so far, frames with events, and bytes.
        self.count = self.frames = self.size = 0
        #: Of a client that reads them: number, type, uid, when by the monotonic clock.
        self.events: list[tuple[int, str, str, float]] = []
        #: The code of the server's close frame.
        self.code: int | None = None
        self.socket = socket.socket()
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", port))
        self._buffer = self._shake_hands(port, path)
        self.socket.setblocking(False)

    def receive(self) -> bool:
        """Take what is there; False at the end of the line."""
        try:
            data = self.socket.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.size += len(data)
        self._buffer = self._buffer + data if self._buffer else data
        for opcode, start, end in self._cut():
            self._take(opcode, start, end)
        return bool(data)

    def _take(self, opcode: int, start: int, end: int) -> None:
        buffer = self._buffer
        if opcode == _TEXT:
            found = buffer.count(EVENT, start, end)
            self.count += found
            self.frames += bool(found)
            if found and self.whole:
                self._note(_read(buffer[start:end]))
        elif opcode == _PING:
            self.socket.send(masked(_PONG, buffer[start:end]))
        elif opcode == _CLOSE:
            self.code = int.from_bytes(buffer[start : start + 2], "big")

    def _note(self, frame: Event) -> None:
        now = time.monotonic()
        for event in frame.events or [frame]:
            self.events.append((event.seq, event.type, event.uid, now))

    def _cut(self) -> Iterator[tuple[int, int, int]]:
        """The whole frames: opcode, where the payload begins and ends; then they are dropped."""
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == 126:
                start += 2
                length = int.from_bytes(buffer[at + 2 : at + 4], "big")
            elif length == 127:
                start += 8
                length = int.from_bytes(buffer[at + 2 : at + 10], "big")
            if len(buffer) < start + length:
                break
            yield buffer[at] & 0xF, start, start + length
            at = start + length
        self._buffer = buffer[at:]

    def _shake_hands(self, port: int, path: str) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            .encode()
        )  # fmt: skip
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = self.socket.recv(4096)
            assert piece, answer
            answer += piece
        head, _, rest = answer.partition(b"\r\n\r\n")
        assert b" 101 " in head, head
        return rest


def masked(opcode: int, payload: bytes) -> bytes:
    """A short frame of a client; a mask of zeros is a mask."""
    return struct.pack("!BB4x", 0x80 | opcode, 0x80 | len(payload)) + payload
