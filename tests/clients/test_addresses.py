"""A token and messages go to the address that was given, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from prodiguer.cli.api import Api
from prodiguer.client.channels import HttpChannel, SendError
from prodiguer.errors import ProdiguerError


class Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another path, where a yes to everything would be."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = b'{"items": []}'
        self.send_response(200 if self.path == "/other" else 302)
        self.send_header("Location", "/other")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the library calls it so

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """The address, and what was asked there."""
    asked: list[str] = []
    handler = type("Handler", (Elsewhere,), {"asked": asked})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("ask", "failure"),
    [
        (lambda url: HttpChannel(url, "pdg_x").send([b"{}"]), SendError),
        (lambda url: Api(url, "pdg_x").get("/api/v1/stats"), ProdiguerError),
    ],
    ids=["a job", "a command"],
)
def test_a_token_is_not_taken_along_to_another_address(
    elsewhere: tuple[str, list[str]], ask: Callable[[str], object], failure: type[Exception]
) -> None:
    url, asked = elsewhere

    with pytest.raises(failure, match=f"302.*{url}/other"):
        ask(url)

    assert len(asked) == 1


def test_an_answer_of_somebody_else_is_no_yes(elsewhere: tuple[str, list[str]]) -> None:
    channel = HttpChannel(elsewhere[0])
    channel._url = f"{elsewhere[0]}/other"

    with pytest.raises(SendError, match="no answer of the platform"):
        channel.send([b"{}"])
