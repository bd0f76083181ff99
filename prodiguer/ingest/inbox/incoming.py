"""A mail while it arrives: a file in ``tmp/`` that nobody sees yet."""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from prodiguer.ingest.inbox.form import Arrival, End, end_record, header_line

#: Bytes after which the free space is looked at again.
_STEP = 16 * 1024 * 1024


class Incoming:
    """The writer of one mail: memory is bounded by the pieces that it is given.

    Args:
        path: the file, which must not exist.
        check_room: called with 0 each 16 MiB; raises when the disk gets full.
    """

    def __init__(self, path: Path, arrival: Arrival, check_room: Callable[[int], None]) -> None:
        self.path = path
        self.arrival = arrival
        self.size = 0
        self._crc = 0
        self._check_room = check_room
        self._checked = 0
        self._file = path.open("xb", buffering=0)
        try:
            # Held until this process ends the file or dies: a leftover is one that nobody holds.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._put(header_line(arrival))
        except BaseException:
            self.discard()
            raise

    def write(self, piece: bytes) -> None:
        """Add a piece of the mail.

        Raises:
            OSError: the disk refuses it.
            InboxFull: the disk gets full.
        """
        self._put(piece)
        self.size += len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if self.size - self._checked >= _STEP:
            self._checked = self.size
            self._check_room(0)

    def _put(self, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]

    def finish(self) -> None:
        """Write the record that ends the file."""
        self._put(end_record(End(self.size, self._crc, datetime.now(UTC))))

    def sync(self) -> None:
        """Return when the bytes are on the disk; the file is closed then.

        Raises:
            OSError: they are not.
        """
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Leave no trace of this mail in ``tmp/``; may be called more than once."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def discard_leftovers(directory: Path) -> int:
    """Remove the files of writers that are dead; how many that were."""
    return sum(_discard_if_dead(path) for path in sorted(directory.iterdir()))


def _discard_if_dead(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
