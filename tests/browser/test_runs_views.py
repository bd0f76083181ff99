"""Each state of the list shuts nobody out: light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.runs_list import begin, open_filters, opened, row, state_of, tell
from live import Up
from support.axe import barriers
from support.chromium import Opener, Watch

View = Callable[[Page, Watch, Up], None]


def _list(page: Page, _: Watch, __: Up) -> None:
    opened(page, "/?state=running&q=CM6")


def _filters(page: Page, _: Watch, __: Up) -> None:
    opened(page)
    open_filters(page)


def _what_waits(page: Page, _: Watch, up: Up) -> None:
    run = begin(up, "leaves")
    opened(page, "/?state=running")
    expect(row(page, "leaves")).to_be_visible()
    row(page, "leaves").hover()
    tell(up, run.say("0100"))
    begin(up, "waits")
    state_of(page, "leaves", "complete")
    expect(page.locator(".list-pill")).to_be_visible()


def _nothing(page: Page, _: Watch, __: Up) -> None:
    opened(page, "/?q=nothing-like-it")
    expect(page.get_by_role("heading", name="No run matches")).to_be_visible()


def _refusal(page: Page, watch: Watch, _: Up) -> None:
    watch.allow("status of 400")
    opened(page, "/?state=wrong")
    expect(page.get_by_text("state must be one of")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("view", [_list, _filters, _what_waits, _nothing, _refusal])
def test_no_state_of_the_list_shuts_anybody_out(
    open_page: Opener, up: Up, view: View, width: int, scheme: str
) -> None:
    page, watch = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    view(page, watch, up)

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_list_can_be_used_by_keys_alone(page: Page) -> None:
    opened(page)
    page.keyboard.press("/")
    page.keyboard.type("AMIP")
    expect(row(page, "ORCA-broken")).to_have_count(0)
    expect(row(page, "AMIP-ended")).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "AMIP-ended":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="AMIP-ended").first).to_be_visible()
    expect(page.locator("[data-health=live]")).to_be_visible()
