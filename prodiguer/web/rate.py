"""How many requests an address may make: a bucket that refills."""

from __future__ import annotations

import math
from collections import OrderedDict

#: Addresses remembered; the one heard of longest ago is forgotten first, with a full bucket.
REMEMBERED = 10_000


class Bucket:
    """Refills at a rate, up to a burst.

    Args:
        rate: how many more a second.
        burst: how many at once.
        now: seconds of a clock that never goes back.
    """

    __slots__ = ("_at", "_burst", "_rate", "left")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._at = now
        self.left = burst

    def take(self, now: float) -> bool:
        """Take one, if there is one."""
        self.left = min(self._burst, self.left + (now - self._at) * self._rate)
        self._at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Rate:
    """A bucket for each address. Used by the event loop alone.

    Args:
        rate: how many more a second; 0 or less: no limit.
        burst: how many at once; by default as many as in a second.
    """

    def __init__(self, rate: float, burst: float | None = None) -> None:
        self._rate = rate
        self._burst = rate if burst is None else burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str, now: float) -> int:
        """Take one; 0 when there was one, else the whole seconds until there is.

        Args:
            address: whose bucket.
            now: seconds of a clock that never goes back.
        """
        if self._rate <= 0:
            return 0
        bucket = self._buckets.pop(address, None) or Bucket(self._rate, self._burst, now)
        self._buckets[address] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if bucket.take(now) else math.ceil((1 - bucket.left) / self._rate)
