"""WebSocket frames that the server sends (RFC 6455): never masked, never in pieces."""

from __future__ import annotations

import struct

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION = 0x0
FIN = 0x80
#: Bytes that a control frame may carry.
CONTROL_ROOM = 125

#: Why a connection is closed.
GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, BAD_TEXT = 1001, 1002, 1003, 1007
POLICY, TOO_BIG, NO_PONG, TOO_SLOW = 1008, 1009, 1011, 4008


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole frame."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", FIN | opcode, size) + payload
    if size < 65536:
        return struct.pack("!BBH", FIN | opcode, 126, size) + payload
    return struct.pack("!BBQ", FIN | opcode, 127, size) + payload


def text(json: bytes) -> bytes:
    """A text frame with a JSON object."""
    return frame(TEXT, json)


def close(code: int | None, reason: str = "") -> bytes:
    """A close frame; the reason is cut to the room that there is."""
    if code is None:
        return frame(CLOSE, b"")
    words = reason.encode()[: CONTROL_ROOM - 2].decode(errors="ignore").encode()
    return frame(CLOSE, struct.pack("!H", code) + words)
