"""The list of runs as a reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Route, expect

from live import Up, wait_for
from support.chromium import Watch
from support.scene import Story

#: Where the mouse harms nothing.
AWAY = (5, 5)


def row(page: Page, name: str) -> Locator:
    """The row, or the card, of a run."""
    return page.locator("tr[data-uid], li[data-uid]").filter(
        has=page.get_by_title(name, exact=True)
    )


def names(page: Page) -> list[str]:
    """The names in the order of the rows."""
    return page.locator("[data-uid] .row-name").all_inner_texts()


def tile(page: Page, state: str) -> Locator:
    """The number of runs in a state."""
    return page.locator(f"[data-tile={state}]")


def opened(page: Page, address: str = "/") -> Page:
    """The list, loaded and live, with the mouse beside it."""
    page.mouse.move(*AWAY)
    page.goto(address)
    expect(page.locator("[data-health=live]")).to_be_visible()
    expect(page.locator(".runs-list:not(.busy), main [role=alert]").first).to_be_visible()
    return page


def open_filters(page: Page) -> None:
    """Every filter with all its values; as a sheet where there is no room for a column."""
    sheet = page.get_by_role("button", name="Filters")
    if sheet.is_visible():
        sheet.click()
    place = page.get_by_role("dialog") if sheet.is_visible() else page.locator(".runs-aside")
    for more in (
        place.locator(".facet h3 button[aria-expanded=false]"),
        place.get_by_role("button", name="Show all"),
    ):
        while more.count():
            more.first.click()


def query(page: Page) -> dict[str, str]:
    """The address, without its path."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def blind(page: Page, watch: Watch) -> list[str]:
    """From now on every GET is answered 503; which were asked for is in the list."""
    watch.allow("status of 503")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, json={"title": "Not now", "status": 503, "detail": "a test"})

    page.route("**/*", refuse)
    return asked


def tell(up: Up, *elements: dict[str, str] | Sequence[dict[str, str]]) -> None:
    """Send messages of runs; they are not waited for."""
    flat = [one for e in elements for one in ([e] if isinstance(e, dict) else e)]
    up.post(flat)


def begin(up: Up, name: str, **words: str) -> Story:
    """A run begins now."""
    run = Story(name, words=words)
    tell(up, run.begin(0))
    return run


def known(up: Up, run: Story) -> None:
    """Wait until the platform has it."""
    wait_for(lambda: up.status(f"/api/v1/simulations/{run.uid}") == 200, run.name)


def state_of(page: Page, name: str, state: str) -> None:
    """Wait until the row shows a state."""
    expect(row(page, name).locator(f"[data-state={state}]")).to_be_visible()
