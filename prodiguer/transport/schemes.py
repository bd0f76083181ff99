"""Which broker a URL means."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from prodiguer.errors import ConfigurationError
from prodiguer.ports.transport import Transport
from prodiguer.transport import embedded

#: A package outside adds a scheme by naming an `Opener` here: ``kafka = "their.package:open"``.
GROUP = "prodiguer.transports"


class Opener(Protocol):
    """Opens the broker that a URL of its scheme names."""

    def __call__(self, url: str, *, data: Path) -> Transport: ...


BUILT_IN: dict[str, Opener] = {"embedded": embedded.open_broker}

#: Promised, not there: better said than found out.
LATER = {
    "amqp": "RabbitMQ comes with a later release",
    "amqps": "RabbitMQ comes with a later release",
}


def connect(url: str, *, data: Path) -> Transport:
    """Open the broker at ``url``.

    Args:
        url: ``embedded:``, or a URL whose scheme an installed package knows.
        data: the directory that the embedded broker lives in.

    Raises:
        ConfigurationError: the scheme is unknown, or the place cannot hold a broker.
        Unavailable: the broker does not answer.
    """
    scheme = url.partition(":")[0].lower()
    openers = BUILT_IN | _installed(scheme)
    if ":" not in url or scheme not in openers:
        raise ConfigurationError(_refusal(scheme, ":" in url))
    return openers[scheme](url, data=data)


def _installed(scheme: str) -> dict[str, Opener]:
    """The opener that a package outside gives for this scheme; what is built in stays."""
    found = entry_points(group=GROUP, name=scheme)
    return {entry.name: entry.load() for entry in found if entry.name not in BUILT_IN}


def _refusal(scheme: str, complete: bool) -> str:
    """Names the scheme alone: the rest of a URL may hold a password."""
    known = sorted({*BUILT_IN, *entry_points(group=GROUP).names})
    choice = f"known brokers: {', '.join(f'{name}:' for name in known)}"
    if not complete:
        return f"broker.url must begin with a scheme and a colon; {choice}"
    reason = LATER.get(scheme, "there is no such broker here")
    return f"broker.url {scheme}: {reason}; {choice}"
