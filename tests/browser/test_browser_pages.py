"""Every page opens without a complaint, for everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from live import Up
from support.axe import barriers
from support.chromium import Opener

PAGES = ("/", "/simulations/{run}", "/dead-letters", "/platform")


def address(up: Up, path: str) -> str:
    """The path of a page, with a run that is there."""
    return path.replace("{run}", up.get("/api/v1/simulations?state=running")["items"][0]["uid"])


def test_the_list_of_runs_shows_them(page: Page, up: Up) -> None:
    page.goto("/")

    expect(page).to_have_title(re.compile("prodiguer", re.IGNORECASE))
    for name in ("CM6-picontrol", "AMIP-ended", "ORCA-broken", "OL2-late"):
        expect(page.get_by_text(name).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_shuts_anybody_out(
    open_page: Opener, up: Up, path: str, width: int, scheme: str
) -> None:
    page, _ = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(address(up, path))
    expect(page.get_by_role("heading").first).to_be_visible()

    assert barriers(page) == []
    # Nothing is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_of_a_run_that_never_was_says_so(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("status of 404")

    page.goto("/simulations/00000000-0000-4000-8000-000000000000")

    expect(page.get_by_text("There is no such run")).to_be_visible()
