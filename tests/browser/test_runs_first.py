"""The list before there is anything in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.runs_list import begin, blind, opened, row, tile
from live import Up
from support.axe import barriers
from support.chromium import watched


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Up]:
    """A platform that nobody has told anything."""
    up = Up(tmp_path / "data")
    try:
        yield up
    finally:
        up.stop()


@pytest.mark.usefixtures("_built")
def test_a_platform_without_runs_says_how_to_send_one(browser: Browser, empty: Up) -> None:
    with watched(browser, base_url=empty.url) as (page, watch):
        opened(page)
        expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
        expect(page.get_by_text(f"prodiguer --url {empty.url} send 0000")).to_be_visible()
        assert barriers(page) == []
        blind(page, watch)

        begin(empty, "the-first")

        expect(row(page, "the-first")).to_be_visible()
        expect(tile(page, "all")).to_have_text("1")


def test_a_platform_that_does_not_answer_says_so_and_comes_by_itself(
    browser: Browser, empty: Up
) -> None:
    with watched(browser, base_url=empty.url) as (page, watch):
        watch.allow("status of 503")
        refused = {"title": "Not now", "status": 503, "detail": "It is being upgraded."}
        page.route("**/api/v1/simulations*", lambda way: way.fulfill(status=503, json=refused))
        page.goto("/")
        expect(page.get_by_text("It is being upgraded.")).to_be_visible()

        page.unroute("**/api/v1/simulations*")

        expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
