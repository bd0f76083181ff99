"""Who writes next: the writers of one file in one process take turns, first come, first served.

SQLite's own busy handler sleeps and tries again, so that of two threads one may write a thousand
times while the other waits; and it cannot tell one waiter from another. Across processes the
database's lock still decides.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prodiguer.errors import Unavailable

_all: dict[Path, Turns] = {}
_guard = threading.Lock()


class Turns:
    """A lock that is handed over in the order of asking."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def hold(self, timeout: float) -> Iterator[None]:
        """Wait for the turn, at most ``timeout`` seconds, and have it inside.

        Raises:
            Unavailable: others held it for longer.
        """
        self._take(timeout)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, timeout: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        came = False
        try:
            came = turn.wait(timeout)
        finally:
            # A signal may end the waiting by an exception: a turn must not be handed to nobody.
            if not came and not self._leave(turn):
                self._pass_on()
        if came:
            return
        raise Unavailable(f"{self._name} was busy for {timeout:g} s: try the same thing again")

    def _leave(self, turn: threading.Event) -> bool:
        """Wait no longer; False when the turn has come meanwhile."""
        with self._lock:
            if turn.is_set():
                return False
            self._waiting.remove(turn)
            return True

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


def of(file: Path) -> Turns:
    """The turns of a file: the same ones for everybody in this process."""
    path = file.absolute().resolve()
    with _guard:
        if path not in _all:
            _all[path] = Turns(path.name)
        return _all[path]
