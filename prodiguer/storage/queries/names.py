"""The readable names of message types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prodiguer.domain.message import Message
from prodiguer.domain.messages import BUILT_IN, LegacyTrace, UnknownMessage

#: By (family, code): a code of 2014 may mean something else there.
Names = Mapping[tuple[str, str], str]


def names_of(types: Iterable[type[Message]] = BUILT_IN) -> Names:
    """The names of these types."""
    return {(type_.TYPE.app, type_.TYPE.code): type_.TYPE.name for type_ in types}


def name_of(names: Names, app: str, code: str) -> str:
    """The name of a message by its family and the code that it was routed as."""
    if app == LegacyTrace.TYPE.app:
        return LegacyTrace.TYPE.name
    return names.get((app, code), UnknownMessage.TYPE.name)
