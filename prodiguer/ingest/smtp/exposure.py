"""Where the door may stand: on loopback freely, elsewhere with TLS or a list of who may come."""

from __future__ import annotations

import socket
import ssl

from prodiguer.config import SmtpSettings
from prodiguer.errors import ConfigurationError
from prodiguer.network import is_loopback


def check_exposure(settings: SmtpSettings) -> None:
    """Return when these settings may be used as they are.

    Raises:
        ConfigurationError: they open the door to a network with nothing in front, or contradict
            each other; the text says what to set.
    """
    if settings.tls not in {"", "starttls"}:
        raise ConfigurationError(f"[smtp] tls is `starttls` or empty, not {settings.tls!r}")
    if listens_on_loopback(settings.host):
        return
    if settings.auth and not settings.tls:
        raise ConfigurationError(
            f"[smtp] auth on {settings.host} would show passwords to the network:"
            ' set tls = "starttls" with tls_certificate and tls_key'
        )
    if not (settings.tls or settings.allowed_senders or settings.allowed_recipients):
        raise ConfigurationError(
            f"[smtp] host = {settings.host!r} is open to a network with nothing in front: set"
            ' tls = "starttls" with tls_certificate and tls_key, or allowed_recipients or'
            ' allowed_senders, or listen on host = "127.0.0.1" behind a relay'
        )


def listens_on_loopback(host: str) -> bool:
    """Whether every address of this host is this machine's own.

    Raises:
        ConfigurationError: the name has no address.
    """
    if not host:
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConfigurationError(f"[smtp] host = {host!r} has no address: {error}") from error
    return all(is_loopback(str(address[0])) for *_, address in found)


def tls_context(settings: SmtpSettings) -> ssl.SSLContext | None:
    """The server's side of TLS 1.2 and above; None where it is not asked for.

    Raises:
        ConfigurationError: the certificate or the key cannot be read.
    """
    if not settings.tls:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"[smtp] tls_certificate or tls_key cannot be used: {error}"
        ) from error
    return context
