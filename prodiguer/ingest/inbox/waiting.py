"""A whole mail that waits in the inbox, as the pump reads it."""

from __future__ import annotations

import io
import os
import stat
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self, cast

from prodiguer.ingest.inbox.form import (
    END_SIZE,
    HEADER_LIMIT,
    Arrival,
    End,
    Torn,
    read_end,
    read_header,
)

_PIECE = 1024 * 1024


class Section(io.RawIOBase):
    """A part of a file as a stream of its own that can be read and sought."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any writable buffer
        wanted = min(len(buffer), max(0, self._size - self._at))
        data = os.pread(self._file.fileno(), wanted, self._start + self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that is whole: its raw bytes are `body`, from 0 to `size`."""

    arrival: Arrival
    size: int
    #: When its last byte came.
    received_at: datetime
    body: BinaryIO
    file: BinaryIO

    def close(self) -> None:
        self.body.close()
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_mail(path: Path) -> WaitingMail:
    """Open a file of the inbox and check that it is whole; links are not followed.

    Raises:
        Torn: it is no whole mail.
        OSError: it cannot be opened or read.
    """
    # Without O_NONBLOCK a FIFO that somebody put there would hold the reader for ever.
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    try:
        return _mail(file)
    except BaseException:
        file.close()
        raise


def _mail(file: BinaryIO) -> WaitingMail:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise Torn("it is no regular file")
    line = file.readline(HEADER_LIMIT)
    arrival = read_header(line)
    end = read_end(os.pread(file.fileno(), END_SIZE, max(0, found.st_size - END_SIZE)))
    if len(line) + end.size + END_SIZE != found.st_size:
        raise Torn("it is longer or shorter than its last record says")
    _check(file, len(line), end)
    body = cast("BinaryIO", io.BufferedReader(Section(file, len(line), end.size), _PIECE))
    return WaitingMail(arrival, end.size, end.received_at, body, file)


def _check(file: BinaryIO, start: int, end: End) -> None:
    crc, at, stop = 0, start, start + end.size
    while at < stop:
        piece = os.pread(file.fileno(), min(_PIECE, stop - at), at)
        if not piece:
            raise Torn("it became shorter while it was read")
        crc = zlib.crc32(piece, crc)
        at += len(piece)
    if crc != end.crc:
        raise Torn("its bytes do not fit its checksum")
