"""Waiting for other processes that have the file locked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

#: Seconds that one waits before giving up.
PATIENCE = 10.0

#: Seconds between two tries. SQLite's own waiting sleeps for 100 ms after the first tries, so that
#: a process which writes all the time keeps another one out for seconds (seen: 1.4 s).
PAUSE = 0.002

T = TypeVar("T")


def patiently(call: Callable[[], T]) -> T:
    """Do it as soon as nobody has the file locked.

    Raises:
        sqlite3.OperationalError: it is locked for longer than `PATIENCE`, or something else.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except sqlite3.OperationalError as error:
            busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)
