"""Host, Origin and media types."""

import pytest

from prodiguer.config import WebSettings
from prodiguer.web import guard
from prodiguer.web.guard import Guard, exposed
from prodiguer.web.problems import Problem

LOCAL = Guard.of(WebSettings())
PROXIED = Guard.of(WebSettings(host="10.0.0.7", base_url="https://runs.example:8443/"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "[::1]:9", "[::1]"])
def test_the_names_of_this_machine_pass_with_any_port(host: str) -> None:
    LOCAL.check(host, [])


@pytest.mark.parametrize("host", ["10.0.0.7:80", "runs.example", "RUNS.example:1", "localhost"])
def test_the_configured_names_pass(host: str) -> None:
    PROXIED.check(host, [])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil",
        "a@localhost",
        "",
        "127.1",
        "::1",
        "localhost:80:80",
        "localhost:x",
        "[::2]",
        "localhost:123456",
        "2130706433",
    ],
)
def test_any_other_name_is_refused(host: str) -> None:
    with pytest.raises(Problem) as refused:
        LOCAL.check(host, [])
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "http://localhost",
        "http://localhost:8081",
        "https://localhost:8080",
        "http://localhost:8080.evil.example",
        "http://127.0.0.1:8080",
        "http://localhost:8080/",
        "localhost:8080",
    ],
)
def test_an_origin_that_is_not_exactly_ours_is_refused(origin: str) -> None:
    with pytest.raises(Problem) as refused:
        LOCAL.check("localhost:8080", [origin])
    assert refused.value.status == 403


def test_our_own_origins_pass() -> None:
    LOCAL.check("localhost:8080", ["http://localhost:8080"])
    LOCAL.check("localhost:8080", ["HTTP://Localhost:8080"])
    PROXIED.check("runs.example:8443", ["https://runs.example:8443"])


def test_each_of_several_origins_must_be_ours() -> None:
    with pytest.raises(Problem):
        LOCAL.check("localhost:1", ["http://localhost:1", "http://evil.example"])


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        (WebSettings(), False),
        (WebSettings(host="localhost"), False),
        (WebSettings(host="::1"), False),
        (WebSettings(host="127.9.9.9"), False),
        (WebSettings(base_url="http://localhost:8080"), False),
        (WebSettings(host="0.0.0.0"), True),  # noqa: S104 - it is only looked at
        (WebSettings(host="::"), True),
        (WebSettings(host=""), True),
        (WebSettings(host="cluster.example"), True),
        (WebSettings(base_url="https://runs.example"), True),
    ],
)
def test_what_others_can_reach_is_told_from_what_they_cannot(
    settings: WebSettings, reached: bool
) -> None:
    assert exposed(settings) is reached


@pytest.mark.parametrize(
    "given",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json;  charset=utf8",
    ],
)
def test_json_is_json_however_it_is_written(given: str) -> None:
    assert guard.check_media([given], (guard.JSON,)) == guard.JSON


@pytest.mark.parametrize(
    "given",
    [
        [],
        [""],
        ["text/plain"],
        ["application/json", "application/json"],
        ["application/json, text/plain"],
        ["application/json; charset=latin-1"],
        ["application/json; charset=utf-16"],
        ["application/json; charset=utf-8; charset=latin-1"],
        ["application/jsonp"],
        ["application/x-www-form-urlencoded"],
        ["multipart/form-data; boundary=x"],
        ["text/plain; x=application/json"],
        ["application/json; charset"],
    ],
)
def test_any_other_media_type_is_refused(given: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        guard.check_media(given, (guard.JSON, guard.NDJSON))
    assert refused.value.status == 415
