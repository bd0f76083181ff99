"""The page of a run in Chromium: how a reader goes about it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

from support.scene import Story

TABS = ("overview", "jobs", "timeline", "periods", "messages", "card", "tries")


def address(uid: str, tab: str = "overview", **query: str) -> str:
    """Of a part of the page."""
    words = {"tab": tab, **query} if tab != "overview" else query
    more = "&".join(f"{name}={value}" for name, value in words.items())
    return f"/simulations/{uid}" + (f"?{more}" if more else "")


def go(page: Page, run: Story, tab: str = "overview", **query: str) -> None:
    """Load the page, and wait until it has read everything and is live."""
    page.goto(address(run.uid, tab, **query))
    ready(page)


def ready(page: Page) -> None:
    """All is read, and the stream stands."""
    expect(page.locator(".run[data-complete=true]")).to_be_visible()
    expect(page.locator("[data-health=live]")).to_be_visible()


def turn_to(page: Page, label: str) -> None:
    """Another part, without loading the page."""
    page.get_by_role("navigation", name="Parts of the run").get_by_role("link", name=label).click()


def part(page: Page, tab: str) -> Locator:
    """The part that is shown."""
    return page.locator(f"section[data-tab={tab}]")


def cut_http(page: Page) -> None:
    """From now on every GET is answered 503; the stream goes on."""

    def answer(route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(status=503, content_type="application/problem+json", body="{}")
        else:
            route.continue_()

    page.route("**/*", answer)


def charts_are_here(page: Page) -> None:
    """The code that draws was fetched."""
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => /echarts/.test(name))"
    )
