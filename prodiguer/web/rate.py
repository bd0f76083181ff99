"""How many requests an address may make: a bucket that refills."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

#: Addresses remembered; the one heard of longest ago is forgotten first, with a full bucket.
REMEMBERED = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rate:
    """A bucket for each address. Used by the event loop alone.

    Args:
        rate: how many more a second; 0 or less: no limit.
        burst: how many at once; by default as many as in a second.
    """

    def __init__(self, rate: float, burst: float | None = None) -> None:
        self._rate = rate
        self._burst = rate if burst is None else burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str, now: float) -> int:
        """Take one; 0 when there was one, else the whole seconds until there is.

        Args:
            address: whose bucket.
            now: seconds of a clock that never goes back.
        """
        if self._rate <= 0:
            return 0
        bucket = self._refilled(address, now)
        if bucket.left < 1:
            return math.ceil((1 - bucket.left) / self._rate)
        bucket.left -= 1
        return 0

    def _refilled(self, address: str, now: float) -> _Bucket:
        bucket = self._buckets.pop(address, None) or _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[address] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket
