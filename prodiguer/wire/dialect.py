"""The dialect of 2014, in which some codes meant something else."""

from __future__ import annotations

from typing import NamedTuple

from prodiguer.domain.message import Message
from prodiguer.domain.messages import LegacyTrace, UnknownMessage
from prodiguer.errors import Refused
from prodiguer.wire.catalog import Catalog

OLD, NEW = "2014", "2016"

#: The only producer that ever spoke it.
PRODUCER = "libigcm"

#: A failed command and a fatal error have other codes today.
TRANSLATED = {"9000": "1900", "9999": "1999"}

#: Push and pop of the shell function stack: 97 % of the mails of 2014, for the archive alone.
TRACES = frozenset({"2000", "3000"})

UNKNOWN_APP = UnknownMessage.TYPE.app


class Meaning(NamedTuple):
    """What a received code means."""

    type: type[Message]
    #: The code that it is routed as.
    code: str
    #: The received code where it is another one; else None.
    received: str | None
    app: str


def of(producer: str, version: str | None) -> str:
    """The dialect by the producer, in lower case, and its version, None where it is absent."""
    return OLD if version is None and producer == PRODUCER else NEW


def meaning(received: str, dialect: str, catalog: Catalog) -> Meaning:
    """What a code means that a client wrote.

    Raises:
        Refused: ``internal-code``.
    """
    if dialect == OLD and received in TRANSLATED:
        routed = meaning_as_routed(TRANSLATED[received], dialect, catalog)
        return routed._replace(received=received)
    return meaning_as_routed(received, dialect, catalog)


def meaning_as_routed(code: str, dialect: str, catalog: Catalog) -> Meaning:
    """What the type word of a routing key means.

    Raises:
        Refused: ``internal-code``.
    """
    if dialect == OLD and code in TRACES:
        return Meaning(LegacyTrace, code, None, LegacyTrace.TYPE.app)
    if catalog.is_internal(code):
        raise Refused("internal-code", code, "only the platform itself may say this code")
    return said_by_platform(code, catalog)


def said_by_platform(code: str, catalog: Catalog) -> Meaning:
    """What a code means where the platform alone may write; a code that nobody declared too."""
    type_ = catalog.find(code) or UnknownMessage
    return Meaning(type_, code, None, type_.TYPE.app)
