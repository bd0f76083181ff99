"""What a client sends, byte by byte: whole messages, or the close code for its mistake."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from prodiguer.web.live import frames

#: Pieces of one message: a message of 64 kB has no reason to come in more.
MOST_PIECES = 1000
#: Close codes that a client may give (RFC 6455 7.4 and the registry).
_CODES = frozenset({*range(1000, 1004), *range(1007, 1015)})
_CONTROLS = (frames.CLOSE, frames.PING, frames.PONG)


class Violation(Exception):
    """The client breaks the protocol: its connection is closed with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Message(NamedTuple):
    """A whole message or a control frame."""

    opcode: int
    payload: bytes


class _Head(NamedTuple):
    final: bool
    opcode: int
    size: int
    #: Bytes of the head itself, the mask included.
    length: int


class Hearing:
    """Puts messages together as bytes come in; keeps no more of them than one message may have.

    Args:
        largest: bytes of a message.
    """

    __slots__ = ("_buffer", "_largest", "_opcode", "_parts", "_pieces")

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._parts = bytearray()
        self._pieces = 0
        #: Of the message that came in pieces so far.
        self._opcode: int | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that these bytes complete.

        Raises:
            Violation: 1002, 1007 or 1009.
        """
        self._buffer += data
        while head := self._head():
            end = head.length + head.size
            if len(self._buffer) < end:
                return
            mask = bytes(self._buffer[head.length - 4 : head.length])
            payload = _unmasked(mask, bytes(self._buffer[head.length : end]))
            del self._buffer[:end]
            message = self._whole(head, payload)
            if message is not None:
                yield message

    def _head(self) -> _Head | None:
        """The next frame's head, once it is there; refused as soon as it can be."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        final, opcode, short = bool(buffer[0] & 0x80), buffer[0] & 0x0F, buffer[1] & 0x7F
        _check_bits(buffer[0], buffer[1])
        if opcode in _CONTROLS and (short > frames.CONTROL_ROOM or not final):
            raise Violation(frames.PROTOCOL_ERROR, "control frames are short and whole")
        more = {126: 2, 127: 8}.get(short, 0)
        if len(buffer) < 2 + more:
            return None
        size = int.from_bytes(buffer[2 : 2 + more]) if more else short
        if more and (size < 126 or (more == 8 and size < 65536) or size >> 63):
            raise Violation(frames.PROTOCOL_ERROR, "a length is written in its shortest form")
        if size + len(self._parts) > self._largest:
            raise Violation(frames.TOO_BIG, f"a message has at most {self._largest} bytes")
        if len(buffer) < 6 + more:
            return None
        return _Head(final, opcode, size, 6 + more)

    def _whole(self, head: _Head, payload: bytes) -> Message | None:
        if head.opcode in _CONTROLS:
            return Message(head.opcode, payload)
        if (head.opcode == frames.CONTINUATION) != (self._opcode is not None):
            raise Violation(frames.PROTOCOL_ERROR, "a piece does not follow what came before")
        if head.final and self._opcode is None:
            return Message(head.opcode, payload)
        self._opcode = head.opcode if self._opcode is None else self._opcode
        self._parts += payload
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise Violation(frames.TOO_BIG, f"a message has at most {MOST_PIECES} pieces")
        if not head.final:
            return None
        message = Message(self._opcode, bytes(self._parts))
        self._opcode, self._parts, self._pieces = None, bytearray(), 0
        return message


def _check_bits(first: int, second: int) -> None:
    if first & 0x70:
        raise Violation(frames.PROTOCOL_ERROR, "reserved bits are set")
    known = (frames.CONTINUATION, frames.TEXT, frames.BINARY, *_CONTROLS)
    if first & 0x0F not in known:
        raise Violation(frames.PROTOCOL_ERROR, "there is no such opcode")
    if not second & 0x80:
        raise Violation(frames.PROTOCOL_ERROR, "frames of clients are masked")


def _unmasked(mask: bytes, payload: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)


def decoded(payload: bytes) -> str:
    """The text of a text message.

    Raises:
        Violation: it is not UTF-8.
    """
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Violation(frames.BAD_TEXT, "the text is not UTF-8") from None


def close_code(payload: bytes) -> int | None:
    """The code of a close frame; None where it has none.

    Raises:
        Violation: one that no client may give, or a reason that is not UTF-8.
    """
    if not payload:
        return None
    code = int(struct.unpack("!H", payload[:2])[0]) if len(payload) > 1 else 0
    if code not in _CODES and not 3000 <= code < 5000:
        raise Violation(frames.PROTOCOL_ERROR, "there is no such close code")
    decoded(payload[2:])
    return code
