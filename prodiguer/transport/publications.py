"""What every broker asks of a publication, checked before any of them sees it."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from prodiguer.errors import ConfigurationError, Refused
from prodiguer.ports.transport import DEAD, PRIMARY, SECONDARY, Publication

#: A short string of AMQP 0-9-1, in bytes of UTF-8.
SHORT_STRING = 255

#: The exchanges that there are; ``""`` is the default one.
EXCHANGES = frozenset({"", PRIMARY, SECONDARY, DEAD})

_SCALARS = frozenset({str, int, float, bool, type(None)})
_LARGEST = 2**63


def check(publication: Publication) -> None:
    """Return when every broker can carry it exactly as it is.

    Raises:
        Refused: the routing key is too long, or a header is no JSON scalar.
        ConfigurationError: there is no such exchange.
    """
    if publication.exchange not in EXCHANGES:
        raise ConfigurationError(f"there is no exchange {publication.exchange!r}")
    check_short("routing key", publication.routing_key)
    check_headers(publication.properties.headers)


def check_short(what: str, text: str) -> None:
    """Return when ``text`` fits into a short string of AMQP."""
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise Refused("encoding", what, "it holds half of a surrogate pair") from None
    if size > SHORT_STRING:
        raise Refused("too-large", what, f"{size} bytes, at most {SHORT_STRING}")


def check_headers(headers: Mapping[str, Any]) -> None:
    """Return when every header is a JSON scalar that AMQP has a type for."""
    for name, value in headers.items():
        kind = type(value)
        if kind not in _SCALARS:
            raise Refused("bad-field", f"headers.{name}", f"{kind.__name__} is no JSON scalar")
        if kind is int and not -_LARGEST <= value < _LARGEST:
            raise Refused("number", f"headers.{name}", "an integer of more than 64 bits")
        if kind is float and not isfinite(value):
            raise Refused("number", f"headers.{name}", "no finite number")
