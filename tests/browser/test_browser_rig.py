"""The eye of these tests sees what it is there for; and the policy stops what it should."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from live import PATIENCE, Up
from support.axe import barriers
from support.chromium import Opener, watched

INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.bitten = true";
  document.body.append(script);
}"""
STYLE = """() => { document.body.innerHTML = '<p style="color: red">red</p>'; }"""
ELSEWHERE = """() => fetch("http://stranger.example/").catch(() => {})"""
SOCKET = """() => new Promise((done) => {
  const url = new URL("/api/v1/live", location.href);
  url.protocol = "ws:";
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => done(JSON.parse(data).type);
  socket.onerror = () => done("error");
})"""


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        (INLINE, "CSP: script-src-elem"),
        (STYLE, "CSP: style-src-attr"),
        (ELSEWHERE, "CSP: connect-src"),
        ("() => { open('http://stranger.example/') }", "another host: http://stranger.example/"),
        ("() => { console.error('oh') }", "console: oh"),
        ("() => { setTimeout(() => { throw new Error('lost') }) }", "error: lost"),
        ("() => fetch('/api/v1/jobs/none')", "status of 400"),
    ],
)
def test_what_a_page_complains_of_fails_its_test(
    browser: Browser, up: Up, deed: str, complaint: str
) -> None:
    def visit() -> None:
        with watched(browser, base_url=up.url) as (page, watch):
            page.goto("/")
            page.evaluate(deed)
            for _ in range(int(PATIENCE) * 10):
                if any(complaint in text for text in watch.complaints):
                    break
                page.wait_for_timeout(100)
            assert not page.evaluate("window.bitten")

    with pytest.raises(AssertionError, match=complaint):
        visit()


def test_what_is_meant_to_be_is_no_complaint(open_page: Opener) -> None:
    page, watch = open_page()
    watch.allow("status of 400")
    page.goto("/")
    page.evaluate("() => fetch('/api/v1/jobs/none')")


def test_barriers_are_seen(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => { document.body.append(document.createElement('img')) }")

    assert [line for line in barriers(page) if line.startswith("image-alt")]


def test_the_policy_lets_a_page_open_its_own_socket(page: Page) -> None:
    page.goto("/")

    assert page.evaluate(SOCKET) == "hello"


def test_a_file_of_the_pages_is_fetched_once(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.goto("/platform")
    expect(page.get_by_role("heading").first).to_be_visible()
    sizes = page.evaluate(
        "() => performance.getEntriesByType('resource')"
        ".filter(({ name }) => name.includes('/assets/')).map(({ transferSize }) => transferSize)"
    )

    assert sizes
    assert set(sizes) == {0}
