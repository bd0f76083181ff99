"""Requests of those who may not, or too often: B117 to B124."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from prodiguer.config import WebSettings
from prodiguer.web.limits import Limits
from support.web import JSON, Client, answered, raw
from support.web_platform import LETTER, NOW, Platform, element

CHALLENGE = 'Bearer realm="prodiguer"'
JWT = "eyJhbGciOiJub25lIn0.eyJzY29wZSI6ImFkbWluIn0."


@pytest.mark.bad_input("B117")
def test_every_failure_to_show_a_token_has_the_same_answer(platform: Platform) -> None:
    good = platform.token("read")
    expired = platform.token("read", expires=NOW)
    revoked = platform.token("read", revoked=True)
    client = platform.serve()

    values = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer pdg_" + "x" * 43,
        f"Bearer {expired}",
        f"Bearer {revoked}",
        f"Bearer {good[:-1]}",
        f"Bearer {good}x",
        f"Bearer {good} x",
        f"Bearer {good},{good}",
        f"Bearer{good}",
        f"Basic {good}",
        f"Token {good}",
        good,
        good.upper(),
        f"Bearer {JWT}",
        "Bearer " + "a" * 60_000,
        "Bearer caf\xe9",
    ]
    answers = [client.get("/api/v1/jobs", {"Authorization": value}) for value in values]
    answers.append(client.get("/api/v1/jobs"))
    answers.append(client.get("/api/v1/jobs", token=good))
    answers.append(client.get("/api/v1/jobs", access_token=good))

    assert {answer.status for answer in answers} == {401}
    assert {answer.headers["www-authenticate"] for answer in answers} == {CHALLENGE}
    assert len({answer.content for answer in answers}) == 1
    assert client.get("/api/v1/jobs", {"Authorization": f"Bearer {good}"}).status == 200


@pytest.mark.bad_input("B117")
@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("Authorization: Bearer {good}\r\nAuthorization: Bearer {good}\r\n", 401),
        ("Authorization: Bearer {good}\r\nAuthorization: Bearer x\r\n", 401),
        ("Authorization: Bearer {good}\n\r\n", 400),
        ("Authorization: Bearer\r\n {good}\r\n", 400),
        ("Authorization: Bearer {good}\0\r\n", 400),
        ("Authorization: Bearer " + "a" * 1_000_000 + "\r\n", 431),
        ("authorization:bearer   {good}\r\n", 200),
    ],
)
def test_a_token_is_on_one_line_alone(platform: Platform, lines: str, status: int) -> None:
    lines = lines.replace("{good}", platform.token("read"))
    client = platform.serve()
    head = f"GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n"

    assert answered(raw(client.address, head.encode())).status == status


@pytest.mark.bad_input("B117")
def test_a_scope_that_is_too_small_is_403_whatever_is_asked_for(platform: Platform) -> None:
    client = platform.serve(token=platform.token("ingest"))

    answers = [
        client.get("/api/v1/jobs"),
        client.get("/api/v1/jobs/not-a-uuid"),
        client.get(f"/api/v1/dead-letters/{LETTER}"),
        client.get(f"/api/v1/dead-letters/{'c' * 64}"),
    ]

    assert {answer.status for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.bad_input("B118")
@pytest.mark.parametrize("cookie", ["session=x", "__Host-session=x; token={good}", "_xsrf=2|a|b"])
def test_a_cookie_opens_nothing_since_there_are_none(platform: Platform, cookie: str) -> None:
    cookie = cookie.replace("{good}", platform.token("admin"))
    client = platform.serve()

    assert client.get("/api/v1/jobs", {"Cookie": cookie}).status == 401
    assert "set-cookie" not in client.get("/", {"Cookie": cookie}).headers


@pytest.mark.bad_input("B119")
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:{port}.evil.example",
        "http://evil.example:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}/",
        "http://user@127.0.0.1:{port}",
        "file://",
    ],
)
def test_a_page_of_another_origin_is_403_for_every_method(client: Client, origin: str) -> None:
    fields = {"Origin": origin.replace("{port}", str(client.address[1])), **JSON}

    assert client.send("GET", "/api/v1/jobs", None, fields).status == 403
    assert client.send("POST", "/api/v1/messages", b"{}", fields).status == 403
    assert client.send("DELETE", f"/api/v1/dead-letters/{LETTER}", None, fields).status == 403
    assert client.get(f"/api/v1/dead-letters/{LETTER}").status == 200


def test_an_action_that_no_page_can_have_asked_for_needs_no_content_type(client: Client) -> None:
    path = f"/api/v1/dead-letters/{LETTER}"

    assert client.send("POST", f"{path}/resend", None, {}).status == 202
    assert client.send("DELETE", path, None, {}).status == 204
    assert client.get(path).status == 404


@pytest.mark.bad_input("B119")
@pytest.mark.parametrize(
    "fields",
    [
        {"Origin": "http://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:{port}", "Content-Type": "text/plain"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Origin": "http://127.0.0.1:{port}", "X-XSRFToken": "x", "Cookie": "_xsrf=x"},
    ],
)
def test_an_action_without_a_json_content_type_or_a_token_is_403(
    client: Client, fields: dict[str, str]
) -> None:
    path = f"/api/v1/dead-letters/{LETTER}"
    fields = {k: v.replace("{port}", str(client.address[1])) for k, v in fields.items()}

    assert client.send("POST", f"{path}/resend", b"", fields).status == 403
    assert client.send("DELETE", path, None, fields).status == 403
    assert client.get(path).json["resent_at"] is None


@pytest.mark.bad_input("B119")
def test_our_own_page_may_act(client: Client) -> None:
    own = {"Origin": f"http://127.0.0.1:{client.address[1]}", **JSON}

    assert client.send("POST", f"/api/v1/dead-letters/{LETTER}/resend", b"", own).status == 202


@pytest.mark.bad_input("B120")
def test_a_list_of_tags_matches_if_one_of_them_does(client: Client) -> None:
    tag = client.get("/api/v1/jobs").headers["etag"]

    for known in (tag, f'"a", {tag}', f'W/{tag}, "b"', "*"):
        assert client.get("/api/v1/jobs", {"If-None-Match": known}).status == 304
    for unknown in ('"a"', "x", ",,,", '"' * 1000, ", ".join(['"a"'] * 10_000)):
        assert client.get("/api/v1/jobs", {"If-None-Match": unknown}).status == 200


@pytest.mark.bad_input("B120")
@pytest.mark.parametrize(
    "ranges", ["bytes=0-1", "bytes=-1", "bytes=-5-", "bytes=" + ",".join(["0-1"] * 10_000), "x"]
)
def test_ranges_are_not_served_and_do_no_harm(client: Client, ranges: str) -> None:
    whole, part = client.get("/api/v1/jobs"), client.get("/api/v1/jobs", {"Range": ranges})

    assert (part.status, part.content) == (200, whole.content)


@pytest.mark.bad_input("B120")
def test_a_preflight_of_another_site_is_403_and_allows_nothing(client: Client) -> None:
    asked = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    assert client.send("OPTIONS", "/api/v1/messages", None, asked).status == 403
    own = {**asked, "Origin": f"http://127.0.0.1:{client.address[1]}"}
    assert client.send("OPTIONS", "/api/v1/messages", None, own).status == 204


@pytest.mark.bad_input("B120")
def test_head_and_options_of_what_there_is_not(client: Client) -> None:
    assert client.send("HEAD", "/nowhere").status == 404
    assert client.send("OPTIONS", "/nowhere").status == 404
    assert client.send("HEAD", "/api/v1/jobs?limit=0").status == 400


@pytest.mark.bad_input("B121")
def test_an_idempotency_key_means_nothing_since_each_message_is_its_own(client: Client) -> None:
    fields = {**JSON, "Idempotency-Key": "one"}

    first = client.post("/api/v1/messages", [element(name="one")], fields)
    other = client.post("/api/v1/messages", [element(name="two")], fields)

    assert [first.json["accepted"], other.json["accepted"]] == [1, 1]
    queues = {queue["name"]: queue["ready"] for queue in client.get("/api/v1/stats").json["queues"]}
    assert queues["test.sim-mon"] == 2


@pytest.mark.bad_input("B122")
def test_an_action_on_what_has_changed_since_is_412(client: Client) -> None:
    path = f"/api/v1/dead-letters/{LETTER}"
    seen = client.get(path).headers["etag"]
    client.post(f"{path}/resend")

    stale = {**JSON, "If-Match": seen}
    assert client.send("DELETE", path, None, stale).status == 412
    assert client.send("POST", f"{path}/resend", b"", stale).status == 412

    fresh = {**JSON, "If-Match": client.get(path).headers["etag"]}
    assert client.send("DELETE", path, None, fresh).status == 204
    assert client.send("DELETE", path, None, fresh).status == 404


@pytest.mark.bad_input("B122")
def test_of_two_who_drop_the_same_at_once_one_is_told_that_it_was_gone(client: Client) -> None:
    statuses: list[int] = []
    path = f"/api/v1/dead-letters/{LETTER}"
    threads = [
        threading.Thread(
            target=lambda: statuses.append(client.send("DELETE", path, None, JSON).status)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [204] + [404] * 7


@pytest.mark.bad_input("B123")
def test_a_client_that_leaves_in_the_middle_of_an_answer_holds_nothing(platform: Platform) -> None:
    """No export of a million rows: a list has 1000 items at most, however many there are."""
    client = platform.serve(limits=Limits(connections=1))
    request = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(5):
        with let_in(client) as connection:
            connection.sendall(request * 20)
            assert connection.recv(100)
    with let_in(client):
        pass


def let_in(client: Client) -> socket.socket:
    """The one connection that the server holds at a time, as soon as it has let go of the last."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        connection = socket.create_connection(client.address, timeout=30)
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with suppress(OSError):
            if connection.recv(12) == b"HTTP/1.1 200":
                return connection
        connection.close()
        time.sleep(0.02)
    raise AssertionError("the connection of one who left is still held")


@pytest.mark.bad_input("B124")
def test_more_requests_than_the_rate_are_429_and_say_when_to_come_again(
    platform: Platform,
) -> None:
    client = platform.serve(WebSettings(port=0, rate=20))
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    received = raw(client.address, request * 999 + last)

    parts = received.split(b"HTTP/1.1 ")[1:]
    statuses = [int(part[:3]) for part in parts]
    assert len(statuses) == 1000
    assert set(statuses) == {200, 429}
    assert statuses.count(429) > 500
    refused = parts[statuses.index(429)]
    assert b"\r\nRetry-After: 1\r\n" in refused

    deadline = time.monotonic() + 30
    while client.get("/health").status == 429:
        assert time.monotonic() < deadline
        time.sleep(0.05)
