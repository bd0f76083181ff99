"""A client that believes nothing: every answer is held against the API's own description."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jsonschema import Draft202012Validator

from prodiguer.web import openapi, routes
from prodiguer.web.security import ALWAYS

JSON = {"Content-Type": "application/json"}
PROBLEM = "application/problem+json"

_DESCRIPTION = openapi.document(routes.ROUTES)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def problem(self) -> tuple[int, str | None]:
        """The status, and the parameter that is named."""
        assert self.headers["content-type"] == PROBLEM
        return self.status, self.json.get("parameter")


class Client:
    """Speaks to a server as a program on this machine would."""

    def __init__(self, address: tuple[str, int], token: str | None = None) -> None:
        self.address = address
        self.token = token

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Reply:
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path, headers=headers)

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        """A body that is no bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        content = b"" if body is None else content
        return self.send("POST", path, content, JSON if headers is None else headers)

    def send(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        fields = dict(headers or {})
        if self.token is not None:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            connection.request(method, target, body, fields)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            reply = Reply(answer.status, found, answer.read())
        finally:
            connection.close()
        hold(method, target.partition("?")[0], reply)
        return reply


def raw(address: tuple[str, int], request: bytes, *, patience: float = 30.0) -> bytes:
    """Send bytes as they are; all that comes until the server closes."""
    with socket.create_connection(address, timeout=patience) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def answered(received: bytes) -> Reply:
    """The one answer in these bytes."""
    head, _, content = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    length = int(headers.get("content-length", "0"))
    assert len(content) == length, content
    reply = Reply(int(status.split()[1]), headers, content)
    hold_headers(reply)
    return reply


def hold(method: str, path: str, reply: Reply) -> None:
    """The answer is one that the description promises for this request."""
    here, _ = routes.find(path)
    route = here.get("GET" if method == "HEAD" else method)
    hold_headers(reply, kept=route is not None and route.for_people)
    if reply.status == 404 and reply.headers["content-type"].startswith("text/html"):
        assert route is None or route.for_people  # the pages tell a browser that it is lost
        return
    if reply.status >= 400 and (route is None or method == "HEAD"):
        assert reply.headers["content-type"] == PROBLEM
    if method == "HEAD" or (method == "OPTIONS" and reply.status < 400):
        assert reply.content == b""
        return
    if route is not None and route.for_people:
        assert reply.status in (200, 304, 400, 404, 429)
        return
    if route is None:
        assert reply.status in (400, 403, 404, 405, 429, 431)
        _validate({"$ref": "#/components/schemas/ProblemView"}, reply)
        return
    _hold_answer(route.path, method, reply)


def _hold_answer(path: str, method: str, reply: Reply) -> None:
    responses = _DESCRIPTION["paths"][path][method.lower()]["responses"]
    assert str(reply.status) in responses, f"{reply.status} is not promised for {method} {path}"
    content = responses[str(reply.status)].get("content")
    if content is None:
        assert reply.content == b""
        return
    media = reply.headers["content-type"]
    assert media in content
    if "json" in media:
        _validate(content[media]["schema"], reply)
        _hold_times(reply.json)


def hold_headers(reply: Reply, *, kept: bool = False) -> None:
    """What every answer has, and what none has; ``kept``: a browser may keep this one."""
    for name, value in ALWAYS.items():
        if not (kept and name == "Cache-Control"):
            assert reply.headers[name.lower()] == value
    assert "server" not in reply.headers
    assert "set-cookie" not in reply.headers
    assert "location" not in reply.headers
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert b"Traceback" not in reply.content
    assert b"ornado" not in reply.content


def _validate(schema: Mapping[str, Any], reply: Reply) -> None:
    components = {"components": _DESCRIPTION["components"]}
    Draft202012Validator({**schema, **components}).validate(reply.json)


def _hold_times(value: Any, name: str = "") -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "body":
                _hold_times(inner, key)
    elif isinstance(value, list):
        for inner in value:
            _hold_times(inner, name)
    elif isinstance(value, str) and (name.endswith("_at") or name in ("at", "timestamp")):
        assert _TIME.fullmatch(value), f"{name}: {value}"
