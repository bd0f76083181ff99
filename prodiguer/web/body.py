"""A request's body while it comes in: a little in memory, the rest in an unnamed file."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from prodiguer.web.pool import Pool

#: What is kept in memory of one body.
MEMORY = 1024 * 1024
_WRITE_TIMEOUT = 30.0


class Body:
    """Grows as chunks arrive.

    Args:
        pool: threads that write to the disk.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._size = 0
        #: A thread has it, and closes it.
        self.taken = False
        self._file = cast("BinaryIO", SpooledTemporaryFile(max_size=MEMORY))  # noqa: SIM115 - closed by whoever owns the body

    async def write(self, chunk: bytes) -> None:
        """Append; the client is read no faster than the disk writes.

        Raises:
            OSError: the disk takes no more.
            Problem: 503, the disk is too slow.
        """
        self._size += len(chunk)
        if self._size < MEMORY:
            self._file.write(chunk)
        else:
            await self._pool.run(_WRITE_TIMEOUT, self._file.write, chunk)

    def rewound(self) -> BinaryIO:
        """The whole body, to be read from its beginning and closed by whoever asks."""
        self.taken = True
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Forget it."""
        self._file.close()
