"""One process a role on one data directory: the kernel frees the lock with the process.

Some roles can be shared: any number of `prodiguer web` serve one directory, but `up` has it alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

from prodiguer.errors import NotAllowed


class Roles:
    """The roles that this process has taken on a data directory.

    Args:
        data: the directory; ``locks/`` is made in it.
    """

    def __init__(self, data: Path) -> None:
        self._directory = data / "locks"
        self._held: dict[str, IO[str]] = {}

    def take(self, roles: Iterable[str], shared: Collection[str] = ()) -> None:
        """Take all of them, or none.

        Args:
            roles: their names.
            shared: those of them that other processes may have too, if they share them as well.

        Raises:
            NotAllowed: another process has one of them.
        """
        taken: list[str] = []
        try:
            for role in roles:
                self._take(role, fcntl.LOCK_SH if role in shared else fcntl.LOCK_EX)
                taken.append(role)
        except NotAllowed:
            for role in taken:
                self._held.pop(role).close()
            raise

    def free(self, role: str) -> bool:
        """No process has this role at the moment."""
        probe = Roles(self._directory.parent)
        try:
            probe.take([role])
        except NotAllowed:
            return False
        probe.release()
        return True

    def release(self) -> None:
        """Give all of them back."""
        while self._held:
            self._held.popitem()[1].close()

    def _take(self, role: str, kind: int) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        lock = (self._directory / f"{role}.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "?"
            lock.close()
            raise NotAllowed(
                f"{role} runs already on {self._directory.parent} (process {holder}):"
                " stop it, or choose another --data directory"
            ) from None
        # The pid is for the reader of the refusal alone; the lock is the kernel's.
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._held[role] = lock
