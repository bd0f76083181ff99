"""Who may speak to this server, and in which form: Host, Origin, media types, sizes.

A page of another site can make a browser send requests here. It cannot choose the Host header
(but may rebind a name of its own to 127.0.0.1), cannot hide its Origin, and cannot send a JSON
content type or an Authorization header without asking first, which is never granted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from prodiguer.config import WebSettings
from prodiguer.network import is_loopback
from prodiguer.web.problems import Problem

JSON = "application/json"
NDJSON = "application/x-ndjson"

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "[::1]", "localhost"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_MEDIA = re.compile(
    r'([a-z0-9.+-]+/[a-z0-9.+-]+)[ \t]*(?:;[ \t]*charset="?([a-z0-9_-]+)"?)?', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Guard:
    """The names that this server answers to.

    Args:
        names: hosts in lower case, IPv6 addresses in brackets, each with any port.
        base: the origin of the public URL; empty where there is none.
    """

    names: frozenset[str]
    base: str = ""

    @classmethod
    def of(cls, settings: WebSettings) -> Guard:
        """The one that a configuration asks for."""
        host = settings.host.lower()
        names = _LOOPBACK_NAMES | {f"[{host}]" if ":" in host else host}
        if not settings.base_url:
            return cls(names)
        url = urlsplit(settings.base_url.lower())
        return cls(names | {_name(url.netloc)}, f"{url.scheme}://{url.netloc}")

    def check(self, host: str, origins: Sequence[str]) -> None:
        """Refuse a request that was sent to another name, or by a page of another site.

        Raises:
            Problem: 400 for the Host, 403 for the Origin.
        """
        if _name(host.lower()) not in self.names:
            raise Problem(
                400, "this server has another name: use its address, or set `base_url` in [web]"
            )
        own = {f"http://{host.lower()}", self.base}
        if any(not origin or origin.lower() not in own for origin in origins):
            raise Problem(403, "pages of other sites may not use this server")


def exposed(settings: WebSettings) -> bool:
    """Whether others than this machine can reach the server, directly or by a proxy."""
    base = urlsplit(settings.base_url).hostname if settings.base_url else None
    return not _is_local(settings.host) or (base is not None and not _is_local(base))


def _is_local(host: str) -> bool:
    return host == "localhost" or is_loopback(host)


def _name(netloc: str) -> str:
    match = _HOST.fullmatch(netloc)
    return match[1] if match else ""


def check_media(given: Sequence[str], allowed: Sequence[str]) -> str:
    """The media type of a body.

    Raises:
        Problem: 415 where it is missing, given twice, none of ``allowed``, or not UTF-8.
    """
    match = _MEDIA.fullmatch(given[0]) if len(given) == 1 else None
    if not match or match[1].lower() not in allowed:
        raise Problem(415, f"the Content-Type must be {' or '.join(allowed)}")
    if match[2] and match[2].lower() not in ("utf-8", "utf8"):
        raise Problem(415, "the charset must be utf-8")
    return match[1].lower()


def check_encoding(headers: Mapping[str, str]) -> None:
    """Refuse compressed bodies: what they unfold to has no bound.

    Raises:
        Problem: 415.
    """
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "send the body as it is: no Content-Encoding is understood here")


def takes_gzip(headers: Mapping[str, str]) -> bool:
    """Whether the client said that it understands gzip; ``q=0`` says that it does not."""
    for coding in headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = coding.replace(" ", "").replace("\t", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def check_forgery(types: Sequence[str], origins: Sequence[str], *, has_token: bool) -> None:
    """Refuse an action without a body that a page of another site could have asked for.

    What has neither a type nor an Origin is no page: a form has the one, a script the other.

    Raises:
        Problem: 403 without a token and without the JSON content type that stands for one.
    """
    if has_token or not (types or origins):
        return
    try:
        check_media(types, (JSON,))
    except Problem:
        raise Problem(
            403, "send `Content-Type: application/json`, or a token: a form of a page cannot"
        ) from None
