"""Bytes that are no request, or more than one: B107 to B110."""

import socket
import time

import pytest

from prodiguer.config import WebSettings
from prodiguer.web.limits import Limits
from support.web import Client, Reply, answered, raw
from support.web_platform import Platform

HOST = b"Host: localhost\r\n"
INTAKE = b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
#: A second request that must not be found behind a body.
SMUGGLED = b"GET /api/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n"


def one_answer(client: Client, request: bytes) -> Reply:
    """The answer; that there is exactly one, and the end of the connection after it, is checked."""
    return answered(raw(client.address, request))


@pytest.mark.bad_input("B107")
@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.0\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost, evil\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n",
        b"GET http://localhost/health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://evil.example/health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /health\r\n\r\n",
        b"GET /health HTTP/0.9\r\n" + HOST + b"\r\n",
        b"GET /health HTTP/1.1x\r\n" + HOST + b"\r\n",
        b"GET /health HTTP/1.10\r\n" + HOST + b"\r\n",
        b"GET /health HTTP/2.0\r\n" + HOST + b"\r\n",
        b"GET /health http/1.1\r\n" + HOST + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"get /health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"Get /health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET  /health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET\t/health HTTP/1.1\r\n" + HOST + b"\r\n",
        b" GET /health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /hea lth HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /hea\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
        b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_a_request_line_or_host_that_is_not_plain_is_400(client: Client, head: bytes) -> None:
    assert one_answer(client, head).status == 400


@pytest.mark.bad_input("B107")
@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"BREW", b"PROPFIND", b"PUT", b"PATCH"])
def test_a_method_that_the_path_has_not_is_405_and_says_which_it_has(
    client: Client, method: bytes
) -> None:
    head = method + b" /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"

    reply = one_answer(client, head)

    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.bad_input("B108")
@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 2\r\nContent-Length: 2\r\n",
        b"Content-Length: 2\r\nContent-Length: 53\r\n",
        b"Content-Length: 2, 2\r\n",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        b"Content-Length: +2\r\n",
        b"Content-Length: -2\r\n",
        b"Content-Length: 0x2\r\n",
        b"Content-Length: 2_0\r\n",
        b"Content-Length: 2 2\r\n",
        b"Content-Length: 2.0\r\n",
        b"Content-Length: \xb2\r\n",
        b"Content-Length:\r\n",
        b"Content-Length: 9999999999999999999999\r\n",
        b"Content-Length : 2\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: identity\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b'Transfer-Encoding: "chunked"\r\n',
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: \x0bchunked\r\n",
        b"Transfer-Encoding:\r\n",
    ],
)
def test_a_length_that_two_servers_could_read_in_two_ways_is_400(
    client: Client, fields: bytes
) -> None:
    assert one_answer(client, INTAKE + fields + b"\r\n{}" + SMUGGLED).status == 400


@pytest.mark.bad_input("B108")
def test_chunks_are_not_for_http_1_0(client: Client) -> None:
    head = INTAKE.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Transfer-Encoding: chunked\r\n\r\n"

    assert one_answer(client, head + b"2\r\n{}\r\n0\r\n\r\n").status == 400


@pytest.mark.bad_input("B108")
@pytest.mark.parametrize(
    "body",
    [
        b"xyz\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"+2\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b" 2\r\n{}\r\n0\r\n\r\n",
        b"2\n{}\r\n0\r\n\r\n",
        b"2;a=b\r\n{}\r\n0\r\n\r\n",
        b"\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}0\r\n\r\n",
        b"2\r\n{}\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX: trailer\r\n\r\n",
        b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_a_bad_chunk_is_400_and_nothing_behind_it_is_read(client: Client, body: bytes) -> None:
    request = INTAKE + b"Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED

    assert one_answer(client, request).status == 400
    assert client.get("/api/v1/stats").json["queues"][0]["ready"] == 0


@pytest.mark.bad_input("B108")
def test_a_chunk_size_that_does_not_end_closes_the_connection(client: Client) -> None:
    body = b"0" * 100 + b"2\r\n{}\r\n0\r\n\r\n"
    request = INTAKE + b"Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED

    assert raw(client.address, request) == b""


@pytest.mark.bad_input("B108")
def test_a_refused_request_with_bad_chunks_has_one_answer(client: Client) -> None:
    head = (
        INTAKE.replace(b"application/json", b"text/plain") + b"Transfer-Encoding: chunked\r\n\r\n"
    )

    assert one_answer(client, head + b"zz\r\n" + SMUGGLED).status == 415


@pytest.mark.bad_input("B108")
@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\nHost: localhost\n\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\n\r\n",
        b"GET /health HTTP/1.1\nHost: localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_lines_that_end_in_a_bare_line_feed_are_400(client: Client, head: bytes) -> None:
    assert one_answer(client, head).status == 400


@pytest.mark.bad_input("B108")
def test_two_requests_in_one_packet_are_answered_in_their_order(client: Client) -> None:
    first = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    second = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    received = raw(client.address, first + second)

    assert [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]] == [200, 404]


@pytest.mark.bad_input("B109")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (b"X: " + b"a" * 70_000 + b"\r\n", 431),
        (b"".join(b"X-%d: 1\r\n" % n for n in range(10_000)), 431),
        (b"".join(b"X: 1\r\n" for _ in range(101)), 431),
        (b"X: a\0b\r\n", 400),
        (b"X: a\rb\r\n", 400),
        (b"X: a\r\n folded\r\n", 400),
        (b"\tX: a\r\n", 400),
        (b"X\r\n", 400),
        (b": a\r\n", 400),
        (b"X : a\r\n", 400),
        (b"X(: a\r\n", 400),
        (b"X: \x1b[2J\r\n", 400),
        (b'Cookie: a="' + b"\\" * 60_000 + b'"\r\n', 200),
        (b"Cookie: " + b"a=b;" * 15_000 + b"\r\n", 200),
        (b"X: caf\xe9\r\n", 200),
    ],
)
def test_headers_are_bounded_and_plain_and_cost_nothing(
    client: Client, fields: bytes, status: int
) -> None:
    request = b"GET /health HTTP/1.1\r\n" + HOST + fields + b"Connection: close\r\n\r\n"
    began = time.monotonic()

    reply = one_answer(client, request)

    assert reply.status == status
    # Milliseconds here; what is quadratic takes minutes, and a busy machine some tenths.
    assert time.monotonic() - began < 5


@pytest.mark.bad_input("B110")
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_body_where_none_is_expected_has_64_kib(client: Client, framing: str) -> None:
    body = bytes(1024 * 1024 + 1)
    target = "/api/v1/dead-letters/a/resend"
    fields = {"Content-Type": "application/json"}
    if framing == "length":
        assert client.send("POST", target, body, fields).status == 413
        return
    head = b"POST %b HTTP/1.1\r\n%bContent-Type: application/json\r\n" % (target.encode(), HOST)
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert one_answer(client, head + chunked).status == 413


@pytest.mark.bad_input("B110")
@pytest.mark.parametrize("declared", [100_663_297, 104_857_600, 10**17])
def test_a_body_that_is_declared_too_large_is_413_before_it_comes(
    client: Client, declared: int
) -> None:
    reply = one_answer(client, INTAKE + b"Content-Length: %d\r\n\r\n" % declared)

    assert reply.status == 413
    assert reply.headers["connection"] == "close"


@pytest.mark.bad_input("B110")
def test_a_body_that_turns_out_too_large_is_413_and_nothing_of_it_is_stored(
    platform: Platform,
) -> None:
    client = platform.serve(WebSettings(port=0, max_body=1000))
    chunk = b'[{"msgCode": "1100"}]' + b" " * 2000
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(chunk), chunk)

    reply = one_answer(client, INTAKE + b"Transfer-Encoding: chunked\r\n\r\n" + body)

    assert reply.status == 413
    assert client.get("/api/v1/dead-letters").json["total"] == 2


@pytest.mark.bad_input("B110")
@pytest.mark.parametrize("drip", [False, True])
def test_a_body_that_does_not_come_or_drips_is_408(platform: Platform, drip: bool) -> None:
    client = platform.serve(limits=Limits(upload=0.3, drain=0.2))
    with socket.create_connection(client.address, timeout=30) as connection:
        connection.sendall(INTAKE + b"Content-Length: 1000\r\n\r\n")
        connection.settimeout(0.05)
        received, deadline = b"", time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if drip:
                    connection.sendall(b" ")
                piece = connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not piece:
                break
            received += piece

    assert answered(received).status == 408


@pytest.mark.bad_input("B110")
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity", "x"])
def test_a_compressed_body_is_415(client: Client, encoding: str) -> None:
    fields = {"Content-Type": "application/json", "Content-Encoding": encoding}

    assert client.send("POST", "/api/v1/messages", b"\x1f\x8b", fields).status == 415


@pytest.mark.bad_input("B110")
def test_a_form_of_a_hundred_thousand_parts_is_415_unread(client: Client) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    fields = {"Content-Type": "multipart/form-data; boundary=x"}

    assert client.send("POST", "/api/v1/messages", part * 100_000, fields).status == 415
