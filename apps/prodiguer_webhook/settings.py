"""The section ``[apps.webhook]``: whom to call, and with which secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prodiguer import ProdiguerError
from prodiguer_webhook.places import check_literal

OPTIONS = ("url", "secret_file", "allow_private", "ca_file")
LONGEST_URL = 2048
HTTPS = 443

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_WORD = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class Hook:
    """A receiver.

    ``secret_file`` is read at each call, so that a new secret needs no restart.
    """

    host: str
    port: int
    path: str
    secret_file: str
    allow_private: bool
    ca_file: str

    @property
    def secret(self) -> bytes:
        """The first line of the file.

        Raises:
            OSError: it cannot be read.
            ProdiguerError: others than its owner can read it, or it is empty.
        """
        path = Path(self.secret_file)
        if path.stat().st_mode & 0o077:
            raise _wrong("secret_file", f"{path} is open to others: run `chmod 600 {path}`")
        secret = path.read_bytes().partition(b"\n")[0].strip()
        if not secret:
            raise _wrong("secret_file", f"{path} is empty: put a long random line into it")
        return secret


def check(settings: Mapping[str, Any]) -> None:
    """Before anything runs: no call is missed for a typing error, none goes where it must not.

    Raises:
        ProdiguerError: an option that there is not, or a value that cannot be used.
    """
    unknown = sorted(set(settings) - set(OPTIONS))
    if unknown:
        raise ProdiguerError(
            f"unknown setting apps.webhook.{unknown[0]}; valid ones are: {', '.join(OPTIONS)}"
        )
    hook_of(settings)


def hook_of(settings: Mapping[str, Any]) -> Hook | None:
    """The receiver; None where nobody wants calls.

    Raises:
        ProdiguerError: the URL is none that may be called, or the secret is missing.
    """
    url = str(settings.get("url") or "")
    if not url:
        return None
    private = str(settings.get("allow_private", False)).lower() in ("true", "1", "yes")
    host, port, path = _parts(url)
    if why := check_literal(host, private=private):
        raise _wrong("url", why)
    secret_file = str(settings.get("secret_file") or "")
    if not secret_file:
        raise _wrong("secret_file", "name a file with the secret that calls are signed with")
    return Hook(host, port, path, secret_file, private, str(settings.get("ca_file") or ""))


def _parts(url: str) -> tuple[str, int, str]:
    """Host, port and path with query, of a URL that nobody can read in two ways."""
    if len(url) > LONGEST_URL:
        raise _wrong("url", f"longer than {LONGEST_URL} characters")
    if not _WORD.fullmatch(url):
        # Letters that look like others lead to other hosts.
        raise _wrong("url", "only printable ASCII: write other letters of a path as %XX")
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError as error:
        raise _wrong("url", f"is no URL: {error}") from None
    if parts.scheme != "https":
        raise _wrong("url", "must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _wrong("url", "must not hold a user or a password: calls are signed instead")
    if port != HTTPS and port < 1024:
        raise _wrong("url", f"port {port} is another service's: use 443 or one above 1023")
    host = (parts.hostname or "").rstrip(".")
    if not (_HOST.fullmatch(host) or _is_address(host)):
        raise _wrong("url", f"{host[:100]!r} is no host name that can be used")
    if any(label.startswith("xn--") for label in host.split(".")):
        raise _wrong("url", "international host names can be mistaken: use an ASCII one")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, path


def _is_address(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return "%" not in host


def _wrong(option: str, why: str) -> ProdiguerError:
    return ProdiguerError(f"apps.webhook.{option}: {why}")
