"""The pages: which paths they have, what they are made of, and what a browser may keep."""

import gzip
from pathlib import Path

import pytest

from prodiguer.web.routes import ROUTES
from support.built_pages import CODE, SCRIPT, SHELL
from support.web import Client
from support.web_platform import RUN, Platform, uid

ASSET = f"/assets/{SCRIPT}"
PAGES = ["/", f"/simulations/{RUN}", f"/simulations/{uid('nobody')}", "/dead-letters", "/platform"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_the_one_shell(client: Client, path: str) -> None:
    page = client.get(path)

    assert (page.status, page.content.decode()) == (200, SHELL)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert client.get(path, {"If-None-Match": page.headers["etag"]}).status == 304


@pytest.mark.parametrize("query", ["state=running&q=a*", "nobody=knows&nobody=knows", "q=%zz"])
def test_a_page_reads_its_query_itself(client: Client, query: str) -> None:
    assert client.send("GET", f"/?{query}").content.decode() == SHELL


@pytest.mark.parametrize(
    "path",
    [
        "/simulations",
        "/simulations/",
        f"/simulations/{RUN}/",
        f"/simulations/{RUN}/jobs",
        "/simulations/a/b",
        "/simulations/not-a-run",
        f"/simulations/{RUN.upper()}",
        f"/simulations/{RUN}%00",
        "/index.html",
        "/dead-letters/",
        "//platform",
        "/static/index.html",
        "/favicon.ico",
    ],
)
def test_any_other_path_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).problem == (404, None)


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/simulations/not-a-run", "/Platform", "/index.html"])
def test_a_browser_at_no_page_is_shown_so_by_the_pages(client: Client, path: str) -> None:
    page = client.get(path, BROWSER)

    assert (page.status, page.content.decode()) == (404, SHELL)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert "etag" not in page.headers


def test_the_api_answers_a_browser_as_it_answers_a_program(client: Client) -> None:
    assert client.get("/api/v1/nothing", BROWSER).problem == (404, None)


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "notes.txt",
        f"{SCRIPT}.gz",
        "..",
        "../index.html",
        "..%2findex.html",
        "%2e%2e/index.html",
        "..%5cindex.html",
        f".%2f{SCRIPT}",
        f"{SCRIPT}%00",
        "",
        "%2fetc%2fpasswd",
    ],
)
def test_a_file_that_no_page_has_is_not_sent(client: Client, name: str) -> None:
    assert client.get(f"/assets/{name}").problem == (404, None)


def test_a_file_is_kept_for_ever_since_its_name_changes_with_it(client: Client) -> None:
    script = client.get(ASSET)

    assert script.content.decode() == CODE
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/index-C0ffee.css").headers["content-type"].startswith("text/css")
    assert client.get("/favicon.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("accepted", ["gzip", "br;q=1.0, GZIP;q=0.8", "deflate , gzip ; q=1"])
def test_a_file_is_sent_pressed_to_whoever_takes_it(client: Client, accepted: str) -> None:
    plain, pressed = client.get(ASSET), client.get(ASSET, {"Accept-Encoding": accepted})

    assert pressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(pressed.content) == plain.content
    assert pressed.headers["etag"] != plain.headers["etag"]
    assert pressed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.000", "identity, x-gzip"])
def test_nobody_gets_what_he_does_not_take(client: Client, accepted: str) -> None:
    answer = client.get(ASSET, {"Accept-Encoding": accepted})

    assert "content-encoding" not in answer.headers
    assert answer.content.decode() == CODE


def test_what_was_not_pressed_is_sent_as_it_is(client: Client) -> None:
    style = client.get("/assets/index-C0ffee.css", {"Accept-Encoding": "gzip"})

    assert "content-encoding" not in style.headers
    assert style.content == b"body { margin: 0 }"


@pytest.mark.parametrize("path", ["/", ASSET])
def test_head_of_a_page_is_get_without_the_body(client: Client, path: str) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        got, head = client.get(path, headers), client.send("HEAD", path, headers=headers)
        del (mine := dict(got.headers))["date"], (yours := dict(head.headers))["date"]
        assert (head.status, head.content, mine) == (200, b"", yours)


def test_a_page_needs_no_token_and_shows_nothing_without_one(platform: Platform) -> None:
    platform.token("read")
    stranger = platform.serve()

    assert stranger.get("/").status == stranger.get(ASSET).status == 200
    assert stranger.get("/api/v1/simulations").status == 401


def test_files_that_change_later_do_not_change_what_is_served(platform: Platform) -> None:
    client = platform.serve()
    pages = platform.data.parent / "pages"
    (pages / "index.html").write_text("half of a")
    (pages / "assets" / "late.js").write_text("late")

    assert client.get("/").content.decode() == SHELL
    assert client.get("/assets/late.js").status == 404


def test_without_pages_a_plain_one_says_how_to_get_them(platform: Platform, tmp_path: Path) -> None:
    client = platform.serve(pages=tmp_path / "never built")

    for path in PAGES:
        page = client.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "make frontend" in page.content.decode()
    for route in ROUTES:
        if route.method == "GET" and not (route.path_names or route.for_people):
            assert f'href="{route.path}"' in client.get("/").content.decode()
    assert client.get("/favicon.svg").status == client.get(ASSET).status == 404
