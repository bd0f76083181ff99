"""The frame around the pages: places, titles, keys, times, colours, and the badge."""

from __future__ import annotations

import os
import re
import signal

import pytest
from playwright.sync_api import expect

from live import Up
from support import letters
from support.chromium import Opener
from support.cut_line import CutLine

#: Of the page's own clock: how long the badge says that all is live.
LIVE_FOR = """() => new Promise((told) => {
  const began = performance.now();
  const look = () => document.querySelector("[data-health=live]")
    ? setTimeout(look, 50) : told(performance.now() - began);
  look();
})"""


def test_each_place_has_a_title_and_its_mark(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    page.goto("/dead-letters")
    for place in ("Platform", "Dead letters"):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=place).click()
        expect(page).to_have_title(re.compile(f"^{place} "))
        expect(page.locator("nav [aria-current=page]")).to_contain_text(place)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Platform")


def test_one_can_go_by_keys_alone(open_page: Opener, up: Up) -> None:
    letters.spoil(up)
    page, _ = open_page()
    letters.opened(page)

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    first = page.locator("[data-letter] .reason").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("(link) => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_the_number_of_letters_that_wait_is_beside_their_place(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    waiting = len(letters.waiting(up, 0, "&resent=false"))
    page.goto("/")
    number = page.locator("[data-waiting]")
    expect(number).to_have_attribute("data-waiting", str(waiting))

    [one] = letters.spoil(up)
    expect(number).to_have_attribute("data-waiting", str(waiting + 1))
    page.request.delete(f"{up.url}/api/v1/dead-letters/{one}")
    expect(number).to_have_attribute("data-waiting", str(waiting))


def test_times_and_colours_are_as_the_reader_wants_them_for_good(open_page: Opener, up: Up) -> None:
    [one] = letters.spoil(up)
    page, _ = open_page(timezone_id="Asia/Tokyo")
    page.goto(f"/dead-letters?letter={one}")
    came = page.get_by_role("dialog").locator("time.number").first
    local = came.inner_text()
    page.keyboard.press("Escape")

    page.get_by_role("button", name=re.compile("press for UTC")).click()
    page.get_by_role("button", name=re.compile("^Colours")).click()
    page.get_by_role("button", name=re.compile("^Colours")).click()
    page.goto(f"/dead-letters?letter={one}")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    at = up.get(f"/api/v1/dead-letters/{one}")["at"]
    expect(came).to_have_text(at[:19].replace("T", " "))
    assert came.inner_text() != local


def test_a_page_that_fails_says_so_and_the_rest_goes_on(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("console:")
    # Nothing that the platform would ever say.
    page.route("**/api/v1/mails*", lambda route: route.fulfill(json={"items": [1, None]}))
    page.goto("/platform")
    expect(page.get_by_role("heading", name="This page has failed")).to_be_visible()

    page.get_by_role("link", name="Dead letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dead letters")


def test_where_nothing_may_be_kept_the_pages_work(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""
    )
    letters.opened(page)
    page.get_by_role("button", name=re.compile("press for UTC")).click()
    expect(page.get_by_role("button", name=re.compile("press for local"))).to_be_visible()


@pytest.mark.parametrize("address", ["/dead-letters", "/platform"])
def test_a_page_without_a_stream_shows_its_content_and_says_so(
    open_page: Opener, up: Up, address: str
) -> None:
    page, watch = open_page()
    watch.allow("WebSocket")
    page.route_web_socket("**/live?*", lambda socket: socket.close())
    page.goto(address)

    expect(page.locator("[data-health=lost]")).to_be_visible()
    expect(page.locator("main table").first).to_be_visible()


def test_a_first_load_that_fails_is_tried_until_it_succeeds(open_page: Opener, up: Up) -> None:
    letters.spoil(up)
    page, watch = open_page()
    watch.allow("status of 503")
    failing = {"on": True}
    page.route(
        "**/api/v1/dead-letters?limit=50*",
        lambda route: (
            route.fulfill(status=503, json={"title": "Not now", "status": 503})
            if failing["on"]
            else route.fallback()
        ),
    )
    page.goto("/dead-letters")
    expect(page.get_by_role("alert")).to_contain_text("Not now")
    expect(page.locator("[data-health=stale]")).to_be_visible()

    failing["on"] = False

    expect(page.locator("[data-letter]").first).to_be_visible()
    expect(page.locator("[data-health=live]")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/dead-letters", "/platform"])
def test_a_frozen_server_is_told_within_ten_seconds(
    open_page: Opener, up: Up, address: str
) -> None:
    page, _ = open_page()
    page.goto(address)
    expect(page.locator("[data-health=live]")).to_be_visible()

    os.kill(up.pid, signal.SIGSTOP)
    try:
        silence = page.evaluate(LIVE_FOR)
    finally:
        os.kill(up.pid, signal.SIGCONT)

    assert silence < 10_000
    expect(page.locator("[data-health=live]")).to_be_visible()


@pytest.mark.slow
def test_a_cable_that_is_pulled_is_told_and_nothing_is_missed(open_page: Opener, up: Up) -> None:
    with CutLine(lambda: up.web) as line:
        page, watch = open_page(base_url=line.url)
        watch.allow("WebSocket connection to")
        watch.allow("ERR_")
        letters.opened(page)
        line.cut()
        new = letters.spoil(up, 3)
        for one in new:
            letters.state_of(page, one, "waiting")
        expect(page.locator("[data-health=live]")).to_be_visible()
