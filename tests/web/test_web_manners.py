"""Tags, methods, headers, pages: what every route does alike."""

import http.client
import json
import logging
from datetime import timedelta

import pytest

from prodiguer.config import WebSettings
from prodiguer.web.routes import ROUTES
from support.built_pages import SCRIPT
from support.web import JSON, Client
from support.web_platform import RUN, Platform

READS = [
    route.path
    for route in ROUTES
    if route.method == "GET" and not route.path_names and not route.live
]


@pytest.mark.parametrize("path", [path for path in READS if path != "/metrics"])
def test_a_read_that_has_not_changed_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, {"If-None-Match": first.headers["etag"]})

    assert (first.status, again.status, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("query", [{}, {"since": "1W"}, {"sort": "-state"}])
@pytest.mark.parametrize("path", ["/api/v1/simulations", "/api/v1/jobs"])
def test_a_page_that_another_follows_keeps_its_tag_while_time_goes_on(
    platform: Platform, path: str, query: dict[str, str]
) -> None:
    client = platform.serve()
    first = client.get(path, limit=1, **query)
    platform.clock.time += timedelta(seconds=1)
    again = client.get(path, {"If-None-Match": first.headers["etag"]}, limit=1, **query)

    assert (first.status, again.status) == (200, 304)
    assert again.headers["etag"] == first.headers["etag"]


def test_a_tag_changes_with_the_content(client: Client) -> None:
    one, other = client.get("/api/v1/jobs"), client.get("/api/v1/jobs", limit=1)

    assert one.headers["etag"] != other.headers["etag"]
    assert client.get("/api/v1/jobs", {"If-None-Match": other.headers["etag"]}).status == 200


@pytest.mark.parametrize("path", [path for path in READS if path != "/metrics"])
def test_head_answers_like_get_without_the_body(client: Client, path: str) -> None:
    got, head = client.get(path), client.send("HEAD", path)

    same = ("content-type", "content-length", "etag")
    assert head.status == got.status
    assert [head.headers[name] for name in same] == [got.headers[name] for name in same]


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_every_path_says_which_methods_it_has(client: Client, path: str) -> None:
    target = path.replace("{uid}", RUN).replace("{id}", "a").replace("{name}", SCRIPT)
    methods = {route.method for route in ROUTES if route.path == path} | {"OPTIONS"}
    methods |= {"HEAD"} & ({"HEAD"} if "GET" in methods else set())

    options = client.send("OPTIONS", target)
    refused = client.send("PATCH", target, b"{}", JSON)

    assert options.status == 204
    assert set(options.headers["allow"].split(", ")) == methods
    assert refused.problem == (405, None)
    assert refused.headers["allow"] == options.headers["allow"]


def test_an_unknown_path_has_no_methods(client: Client) -> None:
    for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT"):
        assert client.send(method, "/api/v2/simulations", None, JSON).status == 404


def test_a_proxys_name_and_origin_are_ours_once_configured(platform: Platform) -> None:
    token = platform.token("read")
    settings = WebSettings(port=0, base_url="https://runs.example/")
    client = platform.serve(settings, token=token)

    good = {"Host": "runs.example", "Origin": "https://runs.example"}
    assert client.get("/api/v1/jobs", good).status == 200
    assert client.get("/api/v1/jobs", {**good, "Origin": "http://evil.example"}).status == 403


def test_the_log_has_each_request_and_no_secret(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    token = platform.token("read")
    client = platform.serve(token=token)
    with caplog.at_level(logging.DEBUG):
        client.get("/api/v1/jobs", state="late")
        client.get("/api/v1/jobs", token="pdg_canary")
        client.get("/api/v1/jobs", {"Authorization": "Bearer pdg_canary"})
        client.get("/api/v1/jobs", {"Authorization": "Basic canary"})
        client.send("FOO", "/health?canary")
        client.send("POST", "/api/v1/messages?canary", b"canary", JSON)
        platform.stack.close()

    records = [vars(record) for record in caplog.records]
    requests = [record for record in records if record.get("action") == "request"]
    assert [r["status"] for r in requests] == [200, 400, 401, 401, 405, 403]
    assert requests[0]["route"] == "/api/v1/jobs"
    assert requests[0]["token"] == platform_token_id(records)
    everything = json.dumps([str(record) for record in records])
    assert "canary" not in everything
    assert token not in everything
    assert "late" not in [word for r in requests for word in str(r["message"]).split()]


def platform_token_id(records: list[dict[str, object]]) -> object:
    ids = {r["token"] for r in records if r.get("action") == "request"} - {None}
    assert len(ids) == 1
    return ids.pop()


def test_a_connection_serves_many_requests_refused_ones_too(client: Client) -> None:
    connection = http.client.HTTPConnection(*client.address, timeout=30)
    connection.connect()
    held = connection.sock
    for target, status in (
        ("/health", 200),
        ("/nowhere", 404),
        ("/api/v1/jobs?limit=0", 400),
        ("/api/v1/jobs", 200),
    ):
        connection.request("GET", target)
        with connection.getresponse() as answer:
            assert answer.status == status
            answer.read()
    for method, body, status in (("OPTIONS", None, 204), ("POST", b"{", 400), ("PUT", None, 405)):
        connection.request(method, "/api/v1/messages", body, JSON)
        with connection.getresponse() as answer:
            assert answer.status == status
            answer.read()
    assert connection.sock is held
    connection.close()
