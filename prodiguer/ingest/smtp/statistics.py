"""What the door has seen since it was opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Statistics:
    """Counters; written by the door's event loop alone, read by anybody."""

    connections: int = 0
    turned_away: int = 0
    mails: int = 0
    bytes: int = 0
    #: Replies of the classes 4 and 5, by code.
    refusals: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> Mapping[str, int | Mapping[str, int]]:
        """The counters as they are now."""
        return {
            "connections": self.connections,
            "turned_away": self.turned_away,
            "mails": self.mails,
            "bytes": self.bytes,
            "refusals": dict(self.refusals),
        }
