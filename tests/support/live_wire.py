"""A WebSocket spoken byte by byte, for what no client library would send."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import socket
import struct
from typing import Self

ANSWERED = b"\r\n\r\n"


def request(address: tuple[str, int], target: str = "/api/v1/live", **fields: str | None) -> bytes:
    """The first request; a field that is None is left out."""
    given = {
        "Host": f"{address[0]}:{address[1]}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Key": base64.b64encode(b"0123456789abcdef").decode(),
        "Sec_WebSocket_Version": "13",
    } | fields
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value]
    return "\r\n".join([f"GET {target} HTTP/1.1", *lines, "", ""]).encode()


def one_answer(address: tuple[str, int], sent: bytes) -> bytes:
    """Send bytes, read one HTTP answer."""
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(sent)
        received = b""
        while ANSWERED not in received:
            received += _some(connection)
        head, _, body = received.partition(ANSWERED)
        length = re.search(rb"Content-Length: (\d+)", head)
        while length and len(body) < int(length[1]):
            body += _some(connection)
        return head + ANSWERED + body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    assert data, "the server has hung up without a word"
    return data


def masked(opcode: int, payload: bytes = b"", *, final: bool = True, bits: int = 0) -> bytes:
    """A frame as a client sends it."""
    key = os.urandom(4)
    size = len(payload)
    head = struct.pack("!B", (0x80 if final else 0) | bits | opcode)
    if size < 126:
        head += struct.pack("!B", 0x80 | size)
    elif size < 65536:
        head += struct.pack("!BH", 0x80 | 126, size)
    else:
        head += struct.pack("!BQ", 0x80 | 127, size)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


class Wire:
    """A connection that has become a WebSocket.

    Args:
        address: of the server.
        target: path and query.
        room: bytes that the kernel takes in for us; 0: as many as it likes.
    """

    def __init__(
        self, address: tuple[str, int], target: str = "/api/v1/live", *, room: int = 0
    ) -> None:
        self.socket = socket.socket()
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.settimeout(60)
        self.socket.connect(address)
        self.socket.sendall(request(address, target))
        self._buffer = b""
        while ANSWERED not in self._buffer:
            self._buffer += _some(self.socket)
        head, _, self._buffer = self._buffer.partition(ANSWERED)
        assert head.startswith(b"HTTP/1.1 101 "), head

    def send(self, data: bytes) -> None:
        """Bytes as they are; a server that has hung up meanwhile takes none."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def frame(self) -> tuple[int, bytes]:
        """The next frame of the server: its opcode and what it carries."""
        first, short = self._take(2)
        assert first & 0x80, "servers send whole frames here"
        assert not short & 0x80, "servers do not mask"
        size = short
        if short > 125:
            size = int.from_bytes(self._take(2 if short == 126 else 8))
        return first & 0x0F, self._take(size)

    def closed(self) -> int | None:
        """The code that the server closes with, once it does; then the connection ends."""
        while True:
            opcode, payload = self.frame()
            if opcode == 0x8:
                break
        self.send(masked(0x8, payload))
        self.socket.settimeout(30)
        with contextlib.suppress(ConnectionError):
            while self.socket.recv(65536):
                pass
        return int(struct.unpack("!H", payload[:2])[0]) if payload else None

    def ended(self) -> bool:
        """Read to the end, whatever comes; True once the server has hung up."""
        with contextlib.suppress(ConnectionError):
            while self.socket.recv(65536):
                pass
        return True

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._buffer += _some(self.socket)
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken
