"""Messages over HTTP."""

import json
import resource
import socket
import time
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from prodiguer.config import WebSettings
from prodiguer.errors import Unavailable
from prodiguer.ports.intake import Outcome
from prodiguer.ports.store import DeadLetter
from prodiguer.web.limits import Limits
from support.web import Client
from support.web_platform import Platform, element

PATH = "/api/v1/messages"
LINES = {"Content-Type": "application/x-ndjson"}


def waiting(client: Client, queue: str) -> int:
    queues = client.get("/api/v1/stats").json["queues"]
    return sum(each["ready"] for each in queues if each["name"] == f"test.{queue}")


def test_one_object_is_accepted_and_waits_in_the_queue_of_its_app(client: Client) -> None:
    reply = client.post(PATH, element())

    assert (reply.status, reply.json) == (202, {"accepted": 1, "duplicates": 0, "dead": []})
    assert waiting(client, "sim-mon") == 1


def test_a_bad_element_is_dead_at_its_place_and_its_neighbours_act(client: Client) -> None:
    reply = client.post(PATH, [element(), {}, element(name="two")])

    assert reply.status == 202
    assert reply.json["accepted"] == 2
    assert [dead["index"] for dead in reply.json["dead"]] == [1]
    assert reply.json["dead"][0]["reason"].startswith("missing-fields: ")
    assert waiting(client, "sim-mon") == 2


def test_lines_are_messages_too(client: Client) -> None:
    lines = b"\n".join(json.dumps(element(name=str(n))).encode() for n in range(3))

    assert client.post(PATH, lines, LINES).json["accepted"] == 3


@pytest.mark.parametrize("body", [b"", b"{", b"1", b'"x"', b"null", b"[1", b"\xff\xfe"])
def test_a_body_that_is_neither_object_nor_array_is_refused_whole(
    client: Client, body: bytes
) -> None:
    reply = client.post(PATH, body)

    assert reply.status == 400
    assert reply.json["reason"].split(":")[0] in ("not-json", "not-object", "encoding")
    assert waiting(client, "sim-mon") == 0
    assert client.get("/api/v1/dead-letters").json["total"] == 2


def test_a_chunked_body_is_taken_as_well(client: Client) -> None:
    content = json.dumps(element()).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in content) + b"0\r\n\r\n"
    head = b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

    with socket.create_connection(client.address, timeout=30) as connection:
        connection.sendall(head + chunks)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 202 ")


class Sink:
    """Takes a body as it is and counts it."""

    def __init__(self) -> None:
        self.size = 0

    def accept(self, body: BinaryIO, **_: Any) -> Outcome:
        while piece := body.read(65536):
            self.size += len(piece)
        return Outcome(0, 0, ())

    def resend(self, letter: DeadLetter) -> None:
        raise AssertionError(letter)


def send_slowly(client: Client, size: int) -> bytes:
    """A body of zeros in pieces; the answer."""
    piece = bytes(1024 * 1024)
    head = b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size
    with socket.create_connection(client.address, timeout=60) as connection:
        connection.sendall(head)
        for _ in range(size // len(piece)):
            connection.sendall(piece)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_large_body_goes_to_the_disk_and_not_into_memory(platform: Platform) -> None:
    sink = Sink()
    client = platform.serve(intake=sink)
    send_slowly(client, 4 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answer = send_slowly(client, 96 * 1024 * 1024)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.startswith(b"HTTP/1.1 202 ")
    assert sink.size == 100 * 1024 * 1024
    assert grown < 24 * 1024, f"{grown} KiB more"


def test_what_the_platform_cannot_store_now_is_to_be_sent_again(platform: Platform) -> None:
    class Away(Sink):
        def accept(self, body: BinaryIO, **_: Any) -> Outcome:
            raise Unavailable("the broker does not answer")

    reply = platform.serve(intake=Away()).post(PATH, element())

    assert reply.status == 503
    assert reply.headers["retry-after"] == "2"


def once_there_is_room(client: Client, message: dict[str, Any]) -> int:
    """The status of the first answer that is not 503."""
    deadline = time.monotonic() + 30
    while (status := client.post(PATH, message).status) == 503 and time.monotonic() < deadline:
        time.sleep(0.02)
    return status


def test_more_bodies_at_once_than_the_limit_are_told_to_come_again(platform: Platform) -> None:
    client = platform.serve(limits=Limits(uploads=1))
    head = (
        b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    )
    with socket.create_connection(client.address, timeout=30) as slow:
        slow.sendall(head + b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 100 ")

        assert client.post(PATH, element()).status == 503

    assert once_there_is_room(client, element()) == 202


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    platform: Platform, tmp_path: Path
) -> None:
    client = platform.serve(limits=Limits(uploads=1))
    head = (
        b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    )
    for _ in range(5):
        with socket.create_connection(client.address, timeout=30) as connection:
            connection.sendall(head + b"Content-Length: 9000000\r\n\r\n" + bytes(3_000_000))

    assert once_there_is_room(client, element()) == 202
    assert waiting(client, "sim-mon") == 1


def test_the_largest_body_is_that_of_the_configuration(platform: Platform) -> None:
    client = platform.serve(WebSettings(port=0, max_body=1000), intake=Sink())

    assert client.post(PATH, bytes(1000)).status == 202
    assert client.post(PATH, bytes(1001)).status == 413
