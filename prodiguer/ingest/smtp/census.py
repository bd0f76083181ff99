"""How many connections are open, in all and from one address."""

from __future__ import annotations

from collections import Counter

from prodiguer.network import is_loopback

#: Relays open up to 20 connections to one destination by default.
FROM_ONE_ADDRESS = 20


class Census:
    """Counts connections; used by the door's event loop alone.

    Args:
        limit: connections at once. An address of loopback may take four fifths of them, so that
            one program that has run wild leaves room for the others; any other address 20.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._addresses: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._addresses.total()

    def admit(self, address: str) -> bool:
        """Count one more connection, or say that there is no room for it."""
        full = len(self) >= self._limit
        if full or self._addresses[address] >= self._share(address):
            return False
        self._addresses[address] += 1
        return True

    def leave(self, address: str) -> None:
        """A connection that was admitted has ended."""
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]

    def _share(self, address: str) -> int:
        if is_loopback(address):
            return max(1, self._limit * 4 // 5)
        return min(self._limit, FROM_ONE_ADDRESS)
