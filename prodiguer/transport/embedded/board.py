"""What the users of one broker file share inside one process: turns to write, and news."""

from __future__ import annotations

import threading
from pathlib import Path
from weakref import WeakValueDictionary

from prodiguer import turns


class Board:
    """The writers' turns of a file, and a counter of what was put into its queues."""

    def __init__(self, path: Path) -> None:
        self.turns = turns.of(path)
        self._changed = threading.Condition()
        self._news = 0

    @property
    def news(self) -> int:
        """Grows with each announcement; read it before looking into a queue, then `wait`."""
        return self._news

    def announce(self) -> None:
        """Wake every consumer of this process: a queue may have something for it."""
        with self._changed:
            self._news += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """False after ``seconds`` without any announcement since ``seen``."""
        with self._changed:
            return self._changed.wait_for(lambda: self._news != seen, seconds)


_boards: WeakValueDictionary[Path, Board] = WeakValueDictionary()
_opening = threading.Lock()


def board_of(path: Path) -> Board:
    """The one board of this file in this process, however its path is written."""
    with _opening:
        return _boards.setdefault(path.resolve(), Board(path))
