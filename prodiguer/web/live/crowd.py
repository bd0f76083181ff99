"""Who is there, in groups of those that want the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prodiguer.web.live.client import Client
from prodiguer.web.live.filters import Filter, Interest
from prodiguer.web.live.groups import Group
from prodiguer.web.problems import unavailable


class Crowd:
    """All live clients of one server.

    Args:
        most: clients at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._groups: dict[tuple[Filter, bool], Group] = {}
        self.clients: dict[Client, Group] = {}
        #: Clients, and those that are about to be some.
        self.count = 0
        #: What all of them want to be told.
        self.interest = Interest(())

    def __iter__(self) -> Iterator[Group]:
        return iter(list(self._groups.values()))

    def reserve(self, query: Mapping[str, Any]) -> Group:
        """A place for one more client, with the parameters of its request.

        Raises:
            Problem: 503, there is no place.
        """
        if self.count >= self._most:
            raise unavailable("too many live connections: come again later, or ask HTTP")
        which, coalesce = Filter.of(query), query.get("coalesce") != "no"
        group = self._groups.get((which, coalesce))
        if group is None:
            group = self._groups[which, coalesce] = Group(which, coalesce)
            self._note_interest()
        self.count += 1
        group.members += 1
        return group

    def free(self, group: Group) -> None:
        """Give a place back."""
        self.count -= 1
        group.members -= 1
        if not group.members:
            self._groups.pop((group.which, group.coalesce), None)
            self._note_interest()

    def leave(self, client: Client) -> None:
        """A client has gone."""
        group = self.clients.pop(client)
        group.current.discard(client)
        self.free(group)

    def _note_interest(self) -> None:
        self.interest = Interest(group.which for group in self)
