"""Calls to another program: signed, once a happening, and never to where they must not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from prodiguer import ProdiguerError
from prodiguer.testing import Harness
from prodiguer_webhook import app
from prodiguer_webhook import call as calling
from prodiguer_webhook.places import resolve
from prodiguer_webhook.settings import check, hook_of

SIMULATION = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"
JOB = "0b7d0c1e-53a3-4d0a-9c59-6b0c6b0a7e21"
RUN = {"simuid": SIMULATION, "jobuid": JOB}
SECRET = b"a long random line"
YES = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, and a secret."""
    place = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", place / "key.pem", "-out", place / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    (place / "secret").write_bytes(SECRET + b"\n")
    (place / "secret").chmod(0o600)
    return place


class Receiver:
    """An HTTPS server that keeps what it got and answers as it is told."""

    def __init__(self, papers: Path, answer: Callable[[ssl.SSLSocket], None]) -> None:
        self.calls: list[bytes] = []
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(papers / "certificate.pem", papers / "key.pem")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with plain, suppress(OSError):
                plain.settimeout(30)
                with self._context.wrap_socket(plain, server_side=True) as caller:
                    self.calls.append(self._read(caller))
                    self._answer(caller)

    @staticmethod
    def _read(caller: ssl.SSLSocket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            got += caller.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(int(x.split(b":")[1]) for x in head.split(b"\r\n") if b"ontent-Length" in x)
        while len(body) < length:
            body += caller.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(30)


@contextmanager
def receiver(
    papers: Path, answer: Callable[[ssl.SSLSocket], None] | bytes = YES
) -> Iterator[tuple[Receiver, dict[str, Any]]]:
    """A receiver on this machine, and the settings that lead there."""
    say = answer if callable(answer) else lambda caller: caller.sendall(answer)
    found = Receiver(papers, say)
    try:
        yield found, settings_for(papers, f"https://localhost:{found.port}/hook?to=runs", True)
    finally:
        found.close()


def settings_for(papers: Path, url: str, private: bool = False) -> dict[str, Any]:
    return {
        "url": url,
        "secret_file": str(papers / "secret"),
        "allow_private": private,
        "ca_file": str(papers / "certificate.pem"),
    }


def call(settings: Mapping[str, Any]) -> None:
    hook = hook_of(settings)
    assert hook is not None
    calling.call(hook, "1999:run:job", {"event": "run.failed"})


def headers(request: bytes) -> dict[str, str]:
    head = request.partition(b"\r\n\r\n")[0].decode()
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def test_a_failure_is_one_signed_call_however_often_its_message_comes(papers: Path) -> None:
    with receiver(papers) as (got, settings), Harness(app, settings=settings) as harness:
        failed = harness.send("1999", **RUN)
        harness.publish(failed)
        harness.send("1999", **RUN)
        harness.run_until_idle()

    (request,) = got.calls
    body = request.partition(b"\r\n\r\n")[2]
    said = json.loads(body)
    assert (said["event"], said["simulation"], said["job"]) == ("run.failed", SIMULATION, JOB)
    time, _, given = headers(request)["Prodiguer-Signature"][2:].partition(",v1=")
    assert given == hmac.new(SECRET, f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    assert len(headers(request)["Prodiguer-Id"]) == 40


def test_an_end_is_told_too_and_nothing_is_called_where_nothing_is_asked_for(papers: Path) -> None:
    with receiver(papers) as (got, settings), Harness(app, settings=settings) as harness:
        harness.send("0100", **RUN)
        harness.run_until_idle()
    assert b"run.completed" in got.calls[0]

    with Harness(app) as silent:
        silent.send("1999", **RUN)
        silent.run_until_idle()
        assert silent.effects == []


def test_a_receiver_that_was_away_is_called_again_with_the_same_id(papers: Path) -> None:
    answers = [b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", YES]

    def answer(caller: ssl.SSLSocket) -> None:
        caller.sendall(answers.pop(0))

    with receiver(papers, answer) as (got, settings), Harness(app, settings=settings) as harness:
        harness.send("1999", **RUN)
        harness.run_until_idle()
        harness.clock.tick(60)
        harness.run_until_idle()

    assert len({headers(request)["Prodiguer-Id"] for request in got.calls}) == 1
    assert len(got.calls) == 2


INSIDE = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local"),
    *("0.0.0.0", "0", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fc00::1]"),  # noqa: S104
    *("169.254.169.254", "[fe80::1]", "[fe80::1%25lo]", "224.0.0.1", "[ff02::1]"),
    *("metadata.internal", "192.0.0.192", "168.63.129.16", "[fec0::1]", "[5f00::1]", "[3fff::1]"),
    *("[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b:1::7f00:1]"),
    *("[64:ff9b:1::808:808]", "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]"),
)  # fmt: skip
NO_RECEIVERS = (
    *("169.254.169.254", "224.0.0.1", "0", "[fe80::1]", "[::a9fe:a9fe]", "[::ffff:0:a9fe:a9fe]"),
    *("[64:ff9b:1::a9fe:a9fe]", "[2606:4700::5efe:a9fe:a9fe]"),
)
MISLEADING = (
    *("http://example.org/", "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/"),
    *("//example.org/", "example.org", "https://", "https:///x", "https://user:pass@example.org/"),
    *("https://user@example.org/", "https://example.org:22/", "https://example.org:25/x"),
    *("https://example.org:0x1bb/", "https://example.org:99999/", "https://\u0435xample.org/"),
    *("https://xn--xample-2of.org/", "https://example.org/ é", "https://example.org/\r\nHost: x"),
    *("https://example.org\\@127.0.0.1/", "https://exa mple.org/", "https://[::1/"),
    "https://example.org/" + "x" * 10_000,
)


@pytest.mark.bad_input("B130")
@pytest.mark.parametrize("host", INSIDE)
def test_an_address_inside_is_refused_in_every_spelling(papers: Path, host: str) -> None:
    with pytest.raises(ProdiguerError, match=r"apps\.webhook\.url"):
        check(settings_for(papers, f"https://{host}/hook"))


@pytest.mark.bad_input("B130")
@pytest.mark.parametrize("url", MISLEADING)
def test_a_url_that_could_be_read_in_two_ways_is_refused(papers: Path, url: str) -> None:
    with pytest.raises(ProdiguerError, match=r"apps\.webhook\.url"):
        check(settings_for(papers, url))


@pytest.mark.bad_input("B130")
def test_a_name_that_leads_inside_is_refused_when_it_is_called() -> None:
    # What the name says is judged at each call, so it may have changed since the start.
    with pytest.raises(ProdiguerError, match="inside"):
        resolve("localhost", 443, private=False)


@pytest.mark.bad_input("B130")
@pytest.mark.parametrize("address", NO_RECEIVERS)
def test_what_is_no_receiver_is_refused_even_on_a_private_network(
    papers: Path, address: str
) -> None:
    with pytest.raises(ProdiguerError, match="no address of a receiver"):
        check(settings_for(papers, f"https://{address}/", private=True))


def test_what_can_be_called_is_accepted(papers: Path) -> None:
    for url in ("https://hooks.example.org/a?b=c", "https://example.org:8443", "https://1.1.1.1/",
                "https://[2606:4700:4700::1111]/", "https://[64:ff9b::101:101]/"):  # fmt: skip
        check(settings_for(papers, url))
    check({})


def test_a_secret_is_asked_for_and_nobody_else_may_read_it(papers: Path, tmp_path: Path) -> None:
    with pytest.raises(ProdiguerError, match="secret_file"):
        check({"url": "https://example.org/"})
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    secret.chmod(0o644)
    hook = hook_of(settings_for(papers, "https://example.org/") | {"secret_file": str(secret)})
    assert hook is not None
    with pytest.raises(ProdiguerError, match="chmod 600"):
        _ = hook.secret


def huge(caller: ssl.SSLSocket) -> None:
    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while True:
        caller.sendall(bytes(65536))


def endless_head(caller: ssl.SSLSocket) -> None:
    caller.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        caller.sendall(b"X: y\r\n" * 1000)


def silent(caller: ssl.SSLSocket) -> None:
    caller.recv(1)


def dripping(caller: ssl.SSLSocket) -> None:
    caller.settimeout(0.1)
    while True:
        caller.sendall(b"H")
        with suppress(TimeoutError):
            if not caller.recv(1):
                return


@pytest.mark.bad_input("B131")
def test_of_a_huge_answer_only_the_beginning_is_read(papers: Path) -> None:
    with receiver(papers, huge) as (got, settings):
        call(settings)
    assert len(got.calls) == 1


@pytest.mark.bad_input("B131")
@pytest.mark.parametrize("answer", [endless_head, silent, dripping])
def test_an_answer_that_never_ends_is_cut(
    papers: Path, answer: Callable[[ssl.SSLSocket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "PATIENCE", 1.0)
    with receiver(papers, answer) as (_, settings), pytest.raises((OSError, calling.CallFailed)):
        call(settings)


@pytest.mark.bad_input("B131")
def test_a_name_that_is_found_too_late_is_not_called(
    papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = threading.Event()

    class Timer(threading.Timer):
        def run(self) -> None:
            super().run()
            cut.set()

    def late(*wanted: Any, **rest: Any) -> str:
        assert cut.wait(30)
        return resolve(*wanted, **rest)

    monkeypatch.setattr(calling, "PATIENCE", 0.2)
    monkeypatch.setattr(calling.threading, "Timer", Timer)
    monkeypatch.setattr(calling, "resolve", late)
    with receiver(papers) as (got, settings), pytest.raises(TimeoutError, match="in time"):
        call(settings)
    assert got.calls == []


@pytest.mark.bad_input("B131")
def test_a_redirection_is_not_followed(papers: Path) -> None:
    with receiver(papers) as (target, inner):
        moved = f"HTTP/1.1 302 Found\r\nLocation: {inner['url']}\r\nContent-Length: 0\r\n\r\n"
        with (
            receiver(papers, moved.encode()) as (_, settings),
            pytest.raises(ProdiguerError, match="302"),
        ):
            call(settings)
        assert target.calls == []


@pytest.mark.bad_input("B131")
def test_a_certificate_that_nobody_vouches_for_ends_the_call(papers: Path) -> None:
    with receiver(papers) as (got, settings):
        with pytest.raises(ssl.SSLCertVerificationError):
            call({**settings, "ca_file": ""})
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            call({**settings, "url": settings["url"].replace("localhost", "127.0.0.1")})
    assert got.calls == []
