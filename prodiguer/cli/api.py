"""Queries of the API: one call a question, its failures as the platform's own errors."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from prodiguer.client.channels import open_url
from prodiguer.errors import (
    ConfigurationError,
    NotAllowed,
    NotFound,
    ProdiguerError,
    Refused,
    Unavailable,
)

TIMEOUT = 30.0
PAGE = 1000
#: How many items a command fetches of a list that it shows whole.
LONG_LIST = 10_000


class Api:
    """The HTTP API at an address.

    Args:
        url: such as ``http://127.0.0.1:8080``.
        token: sent as a bearer token; that of ``$PRODIGUER_TOKEN`` by default.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise ConfigurationError(f"--url {url}: this is no http or https address")
        self._url = url
        self._token = token_of_environment() if token is None else token

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a resource."""
        given = {k: v for k, v in (parameters or {}).items() if v is not None}
        query = urllib.parse.urlencode(given)
        return self._call("GET", f"{path}?{query}" if query else path)

    def post(self, path: str) -> Any:
        """The JSON that an action answers."""
        return self._call("POST", path)

    def delete(self, path: str) -> None:
        """Remove a resource."""
        self._call("DELETE", path)

    def items(self, path: str, parameters: Mapping[str, Any], limit: int) -> Iterator[Any]:
        """At most ``limit`` items of a list, page by page."""
        cursor = None
        while limit > 0:
            page = self.get(path, {**parameters, "limit": min(limit, PAGE), "cursor": cursor})
            yield from page["items"]
            limit -= len(page["items"])
            cursor = page["next"]
            if cursor is None:
                return

    def _call(self, method: str, path: str) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self._url + path, method=method, headers={"Content-Type": "application/json"}
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with open_url(request, timeout=TIMEOUT) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise failure(error.code, error.read(), error.reason) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise Unavailable(
                f"{self._url} cannot be reached: {reason}; is `prodiguer up` running there?"
            ) from None
        return json.loads(content) if content else None


def path_part(value: str) -> str:
    """A value as one part of a URL's path."""
    return urllib.parse.quote(value, safe="")


def token_of_environment() -> str:
    """What stands for the right to ask; empty where there is none."""
    return os.environ.get("PRODIGUER_TOKEN", "")


def failure(status: int, content: bytes, reason: str) -> ProdiguerError:
    """An answer that is an error, as the platform names it.

    Args:
        status: of HTTP.
        content: the problem document; anything else says nothing.
        reason: the words of the status line, for want of better ones.
    """
    try:
        problem = json.loads(content)
        text = problem.get("detail") or problem.get("title") or str(reason)
        parameter = problem.get("parameter")
    except (ValueError, AttributeError):
        text, parameter = str(reason), None
    if status == 404:
        return NotFound(text)
    if status in (401, 403):
        return NotAllowed(f"{text} (give a token in $PRODIGUER_TOKEN)")
    if status == 400:
        # What a user typed as a filter is wrong: that is bad usage.
        named = not parameter or text.startswith(f"{parameter} ")
        return ConfigurationError(text if named else f"{parameter}: {text}")
    if status == 422:
        return Refused(text)
    if status in (429, 503):
        return Unavailable(text)
    return ProdiguerError(f"{status}: {text}")
