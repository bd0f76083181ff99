"""Who is alive: a consumer holds a lock on a file of its own, and the kernel frees it at death.

No clock is asked, so neither a slow consumer nor a wrong clock loses a lease; neither does a
process that is stopped (SIGSTOP), which keeps what it has taken until it goes on or is killed.
The lock of flock(2) belongs to the open file: a second one of the same process does not share it,
and a program that is started does not inherit it.
"""

from __future__ import annotations

import fcntl
import uuid
from pathlib import Path

DIRECTORY = "owners"


class Owner:
    """A locked file in ``directory``, until `drop`."""

    def __init__(self, directory: Path) -> None:
        self.name = str(uuid.uuid4())
        self.path = directory / self.name
        self._file = self.path.open("xb")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def drop(self) -> None:
        """Give the lock up; what it still owns becomes free."""
        self._file.close()


def alive(path: Path) -> bool:
    """Whether some process holds the lock of this owner."""
    try:
        with path.open("rb") as file:
            # Shared, so that two who look at a dead owner do not take each other for it.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
