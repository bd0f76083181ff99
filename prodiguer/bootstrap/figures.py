"""How fast the platform works: rates from its counters, latency from its last mails."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from statistics import median

from prodiguer.ports.queries import Paging, Queries
from prodiguer.web.services import Figures

#: Rates are taken over this many seconds at the least, and mails this many at the most.
WINDOW = 10.0
MAILS = 20


class Speedometer:
    """Reads the maintained counters whenever it is asked.

    Args:
        queries: of the database.
    """

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._lock = threading.Lock()
        self._samples: deque[tuple[float, Mapping[str, int]]] = deque()

    def __call__(self) -> Figures:
        """Messages, mails and dead letters a second; seconds from a mail's Date to its store."""
        counts = self._queries.counts()
        return {
            "rates": self._rates(counts),
            "latency": {"mail_median_s": self._latency()},
            "counts": dict(counts),
        }

    def _rates(self, counts: Mapping[str, int]) -> dict[str, float]:
        now = time.monotonic()
        with self._lock:
            self._samples.append((now, counts))
            while len(self._samples) > 2 and now - self._samples[1][0] >= WINDOW:
                self._samples.popleft()
            then, before = self._samples[0]
        elapsed = now - then
        if not elapsed:
            return dict.fromkeys(counts, 0.0)
        return {name: (counts[name] - before.get(name, 0)) / elapsed for name in counts}

    def _latency(self) -> float | None:
        mails = self._queries.mails(Paging(limit=MAILS)).items
        known = [mail["latency"] for mail in mails if mail["latency"] is not None]
        return median(known) if known else None
