"""Slow queries, full queues, clients that do not read: nobody else waits for them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from prodiguer.errors import Unavailable
from prodiguer.ports.queries import Page
from prodiguer.web.limits import Limits
from support.web import Client
from support.web_platform import Platform


class Gate:
    """Queries of which one waits until it is told to go on."""

    def __init__(self, queries: Any) -> None:
        self._queries = queries
        self.inside = 0
        self.go_on = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queries, name)

    def jobs(self, *arguments: Any) -> Any:
        self.inside += 1
        assert self.go_on.wait(60)
        return self._queries.jobs(*arguments)


@contextmanager
def asked(client: Client, path: str, times: int) -> Iterator[list[int]]:
    """Ask from as many threads; the statuses are there in the end."""
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(client.get(path).status))
        for _ in range(times)
    ]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        for thread in threads:
            thread.join()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_slow_query_delays_neither_health_nor_other_queries(platform: Platform) -> None:
    gate = Gate(platform.services.queries)
    client = platform.serve(queries=gate)
    try:
        with asked(client, "/api/v1/jobs", 4) as statuses:
            until(lambda: gate.inside == 4)

            assert client.get("/health").status == 200
            assert client.get("/api/v1/simulations").status == 200
            assert statuses == []
            gate.go_on.set()
        assert statuses == [200] * 4
    finally:
        gate.go_on.set()


def test_what_finds_no_room_is_told_to_come_again_at_once(platform: Platform) -> None:
    gate = Gate(platform.services.queries)
    client = platform.serve(queries=gate, limits=Limits(readers=2, waiting_reads=0))
    try:
        with asked(client, "/api/v1/jobs", 2) as statuses:
            until(lambda: gate.inside == 2)

            refused = client.get("/api/v1/simulations")

            assert refused.status == 503
            assert refused.headers["retry-after"] == "2"
            assert client.get("/health").status == 200
            gate.go_on.set()
        assert statuses == [200] * 2
        assert client.get("/api/v1/simulations").status == 200
    finally:
        gate.go_on.set()


def test_a_query_that_takes_too_long_is_given_up(platform: Platform) -> None:
    gate = Gate(platform.services.queries)
    client = platform.serve(queries=gate, limits=Limits(query=0.2))
    try:
        reply = client.get("/api/v1/jobs")

        assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    finally:
        gate.go_on.set()


def test_a_database_that_is_away_is_503_and_an_error_of_ours_is_500_without_internals(
    platform: Platform,
) -> None:
    class Broken(Gate):
        def jobs(self, *arguments: Any) -> Page[Any]:
            raise Unavailable("the database does not answer")

        def mails(self, *arguments: Any) -> Page[Any]:
            raise KeyError("/secret/path")

    client = platform.serve(queries=Broken(platform.services.queries))

    assert client.get("/api/v1/jobs").status == 503
    assert client.get("/api/v1/mails").status == 500
    assert b"secret" not in client.get("/api/v1/mails").content


def test_not_ready_names_what_is_not(platform: Platform) -> None:
    def away() -> None:
        raise Unavailable("the broker does not answer")

    def crash() -> None:
        raise ZeroDivisionError("secret")

    checks = {"database": platform.store.ping, "broker": away, "door": crash}
    reply = platform.serve(checks=checks).get("/ready")

    assert reply.status == 503
    assert reply.json["checks"]["database"] == "ok"
    assert reply.json["checks"]["broker"] == "the broker does not answer"
    assert "secret" not in reply.json["checks"]["door"]


def test_a_check_that_hangs_does_not_hang_the_answer(platform: Platform) -> None:
    release = threading.Event()

    def hang() -> None:
        release.wait(60)

    client = platform.serve(checks={"broker": hang}, limits=Limits(check=0.2))
    try:
        reply = client.get("/ready")

        assert reply.status == 503
        assert reply.json["checks"]["broker"] != "ok"
        assert client.get("/health").status == 200
    finally:
        release.set()


def test_ready_says_so(client: Client) -> None:
    assert client.get("/ready").json == {
        "status": "ok",
        "checks": {"broker": "ok", "database": "ok"},
    }


def test_metrics_count_requests_and_what_the_platform_holds(client: Client) -> None:
    client.get("/api/v1/jobs", state="late")
    client.get("/nowhere/at/all")

    lines = client.get("/metrics").content.decode().splitlines()

    request = 'prodiguer_http_requests_total{method="GET",route="/api/v1/jobs",status="200"} 1.0'
    assert request in lines
    assert 'prodiguer_http_requests_total{method="GET",route="other",status="404"} 1.0' in lines
    assert 'prodiguer_rows{kind="dead_letters"} 2.0' in lines
    assert 'prodiguer_queue_ready{queue="test.archive"} 0.0' in lines
    assert 'prodiguer_up{service="broker"} 1.0' in lines


def test_metrics_are_there_when_the_broker_is_not(platform: Platform) -> None:
    def away() -> Any:
        raise Unavailable("the broker does not answer")

    lines = platform.serve(queues=away).get("/metrics").content.decode().splitlines()

    assert 'prodiguer_up{service="broker"} 0.0' in lines
    assert 'prodiguer_up{service="database"} 1.0' in lines


def test_more_connections_than_the_limit_are_closed_and_the_first_are_served(
    platform: Platform,
) -> None:
    client = platform.serve(limits=Limits(connections=3))
    held = [socket.create_connection(client.address, timeout=30) for _ in range(3)]
    try:
        with socket.create_connection(client.address, timeout=30) as one_more:
            assert one_more.recv(1) == b""
        held[0].sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert held[0].recv(12) == b"HTTP/1.1 200"
    finally:
        for connection in held:
            connection.close()
    until(lambda: _answers(client))


def _answers(client: Client) -> bool:
    try:
        return client.get("/health").status == 200
    except OSError:
        return False


def test_a_client_that_never_reads_is_cut_off(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    class Huge(Gate):
        def counts(self) -> dict[str, int]:
            return dict.fromkeys(map(str, range(400_000)), 1)

    client = platform.serve(
        queries=Huge(platform.services.queries), limits=Limits(send=0.5, query=60)
    )
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(client.address)
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: "client_cut_off" in [vars(r).get("action") for r in caplog.records])

        received = b"".join(iter(lambda: connection.recv(65536), b""))

    promised = int(received.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    assert len(received) < promised


def test_stopping_finishes_what_is_being_answered_and_takes_no_more(platform: Platform) -> None:
    gate = Gate(platform.services.queries)
    client = platform.serve(queries=gate)
    stopper = threading.Thread(target=platform.stack.pop_all().close)
    with asked(client, "/api/v1/jobs", 1) as statuses:
        until(lambda: gate.inside == 1)
        stopper.start()
        until(lambda: not _answers(client))
        gate.go_on.set()
    stopper.join()

    assert statuses == [200]


def test_a_server_can_be_stopped_twice_and_leaves_no_thread(platform: Platform) -> None:
    from prodiguer.config import WebSettings
    from prodiguer.web.server import WebServer

    server = WebServer(WebSettings(port=0), platform.services)
    server.stop()
    server.start()
    server.stop()
    server.stop()

    assert not [t for t in threading.enumerate() if t.name.startswith("web")]


def test_idle_connections_are_closed(platform: Platform) -> None:
    client = platform.serve(limits=Limits(idle=0.3))
    with socket.create_connection(client.address, timeout=30) as connection:
        assert connection.recv(1) == b""


@pytest.mark.parametrize("begun", [b"", b"GET /health HTTP/1.1\r\nHost: local"])
def test_a_head_that_does_not_end_is_not_waited_for(platform: Platform, begun: bytes) -> None:
    client = platform.serve(limits=Limits(idle=0.3))
    with socket.create_connection(client.address, timeout=30) as connection:
        connection.sendall(begun)
        assert connection.recv(1) == b""
