"""The bytes of a mail, read in pieces: memory does not grow with the mail."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

#: Bytes that are in memory at once.
PIECE = 256 * 1024


class Source:
    """A file that can be read at any place.

    Args:
        file: open for reading in binary; it stays the caller's.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` until ``end``, or until the file's end."""
        self._file.seek(start)
        return self._file.read(max(0, end - start))

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The same, bit by bit."""
        for at in range(start, end, PIECE):
            yield self.read(at, min(end, at + PIECE))

    def lines_like(
        self, pattern: re.Pattern[bytes], start: int, end: int, longest: int
    ) -> Iterator[tuple[int, int, re.Match[bytes]]]:
        r"""Whole lines that match, with where each begins and ends (its newline excluded).

        Args:
            pattern: begins with ``\n`` and ends with ``(?=\n)``; the first and the last line
                have these too.
            start: where to begin, at the beginning of a line.
            end: where to stop.
            longest: bytes that a match can have at the most.
        """
        at, begin = start, b"\n"
        while at < end:
            piece = self.read(at, min(end, at + PIECE + longest))
            last = at + len(piece) >= end
            window = begin + piece + (b"\n" if last else b"")
            shift, done = at - len(begin), at + len(piece) - longest
            for match in pattern.finditer(window):
                yield shift + match.start() + 1, shift + match.end(), match
                done = max(done, shift + match.end())
            if last or not piece:
                return
            at, begin = done, b""
