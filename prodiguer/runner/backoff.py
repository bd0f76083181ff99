"""How long to wait before the same thing is tried again."""

from __future__ import annotations

import random


def delay(attempts: int, *, first: float, most: float) -> float:
    """Seconds to wait after so many failed attempts (1 is the first).

    It doubles from ``first`` up to ``most``; up to half of it is left to chance, so that those who
    failed together do not come back together.
    """
    whole = min(most, first * 2.0 ** min(attempts - 1, 60))
    return whole * random.uniform(0.5, 1.0)  # noqa: S311  # spread, not secrecy


class Backoff:
    """The pauses of one who waits for the broker or the database.

    Args:
        first: seconds after the first failure.
        most: seconds that no pause exceeds.
    """

    def __init__(self, first: float = 0.5, most: float = 30.0) -> None:
        self._first = first
        self._most = most
        self._attempts = 0

    def next(self) -> float:
        """Seconds to wait now."""
        self._attempts += 1
        return delay(self._attempts, first=self._first, most=self._most)

    def reset(self) -> None:
        """It went well."""
        self._attempts = 0
