"""The page of the platform: its verdict, its figures and its mails, moved by the stream."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import xss
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from browser.runs_list import AWAY, blind
from live import Process, Up, wait_for
from support import letters
from support.axe import barriers
from support.chromium import Opener, watched

TRANSFER = letters.failure(
    msgCode="7000",
    actionName="put",
    size_Mo="1",
    duration_ms="1",
    throughput_Mo_s="1",
    dirFrom="a",
    dirTo="b",
)


def opened(page: Page, query: str = "") -> Page:
    """The page, loaded and live."""
    page.mouse.move(*AWAY)
    page.goto(f"/platform{query}")
    expect(page.locator("[data-health=live]")).to_be_visible()
    expect(page.locator("[data-queue]").first).to_be_visible()
    expect(page.locator(".verdict:not([data-tone=unknown])")).to_be_visible()
    return page


def mails(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-mail]").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.mail)"
    )
    return found


def mail_row(page: Page, sender: str) -> Locator:
    return page.locator("[data-mail]").filter(has_text=sender)


def test_a_platform_that_is_well_says_so(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    opened(page)

    expect(page.locator(".verdict[data-tone=good]")).to_contain_text("All well")
    for name in ("Mail door", "HTTP door", "Broker", "Database"):
        expect(page.locator(f"[data-check='{name}'][data-tone=good]")).to_be_visible()
    for app in ("archive", "metrics", "sim-mon"):
        expect(page.locator(f"[data-queue='prod.{app}']")).to_have_attribute("data-pace", "idle")
    counts = up.get("/api/v1/stats")["counts"]
    for kind, number in counts.items():
        expect(page.locator(f"[data-stored={kind}]")).to_have_text(f"{number:,}")


def test_with_every_get_refused_mails_and_figures_go_on(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    opened(page)
    before = up.get("/api/v1/stats")["counts"]
    drawn = page.locator(".figure .spark-line").count()
    blind(page, watch)

    up.send_mail(
        letters.mail([letters.failure() for _ in range(7)] + [b"%%%%"], "new@centre.example")
    )

    row = mail_row(page, "new@centre.example").first
    expect(row.locator(".at-messages")).to_contain_text("1999")
    expect(row.locator(".at-dead")).to_contain_text("1")
    expect(page.locator("[data-stored=messages]")).to_have_text(f"{before['messages'] + 7:,}")
    expect(page.locator("[data-stored=mails]")).to_have_text(f"{before['mails'] + 1:,}")
    # The lines of its figures grow.
    wait_for(
        lambda: page.wait_for_timeout(100) or page.locator(".figure .spark-line").count() >= 5,
        f"more lines than {drawn}",
    )
    expect(page.locator(".verdict[data-tone=good]")).to_be_visible()
    expect(page.locator("main [role=alert]")).to_have_count(0)


def test_a_mail_is_looked_at_closely(open_page: Opener, up: Up) -> None:
    failed = letters.failure()
    sent = letters.mail([failed, b"%%%%"])
    up.send_mail(sent)
    up.settle()
    page, _ = open_page()
    opened(page)
    first = mails(page)[0]

    # The same mail once more changes a row, and makes none.
    up.send_mail(sent)
    expect(page.locator(f"[data-mail='{first}'] .at-receipts")).to_have_text("2")
    assert mails(page)[0] == first

    page.locator(f"[data-mail='{first}']").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("it was sent again, which changes nothing")
    expect(drawer).to_contain_text(first)
    assert f"mail={first}" in page.url
    assert barriers(page) == []
    drawer.get_by_role("link", name="1 message").click()
    expect(page).to_have_url(f"{up.url}/simulations/{failed['simuid']}?tab=messages")


def test_the_latency_of_a_mail_of_years_ago_is_one_line(open_page: Opener, up: Up) -> None:
    up.send_mail(b"Date: Mon, 03 Nov 2014 21:36:39 +0100\r\n" + letters.mail([letters.failure()]))
    up.settle()
    page, _ = open_page()
    opened(page)

    cell = page.locator(".at-latency").first
    expect(cell).to_have_text(re.compile(r"^\d{4} d \d+ h$"))
    lines = cell.evaluate(
        """cell => {
            const words = document.createRange();
            words.selectNodeContents(cell);
            return words.getClientRects().length;
        }"""
    )
    assert lines == 1


@pytest.mark.parametrize("width", [1280, 1000, 780, 360])
def test_codes_of_a_mail_keep_to_their_column(open_page: Opener, up: Up, width: int) -> None:
    up.send_mail(letters.mail([letters.failure(), *(TRANSFER for _ in range(3))]))
    up.settle()
    page, _ = open_page()
    page.set_viewport_size({"width": width, "height": 800})
    opened(page)

    beyond = page.locator(".at-messages").first.evaluate(
        """cell => {
            const edge = cell.getBoundingClientRect().right;
            const whole = (part) => part.scrollWidth <= part.clientWidth;
            return [...cell.querySelectorAll(".code")].filter(
                (code) => code.getBoundingClientRect().right > edge
                    || !whole(code) || !whole(code.querySelector(".clip"))
            ).length;
        }"""
    )
    assert beyond == 0


def test_pages_of_mails_are_in_the_address(open_page: Opener, up: Up) -> None:
    for number in range(52):
        up.send_mail(letters.mail([f"nothing {number}".encode()]))
    up.settle()
    page, _ = open_page()
    opened(page)
    first = mails(page)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(f"[data-mail='{first[0]}']")).to_have_count(0)
    assert "cursor=" in page.url

    up.send_mail(letters.mail([letters.failure()]))
    page.get_by_role("link", name="1 new").click()

    expect(page.locator(f"[data-mail='{first[0]}']")).to_be_visible()
    assert first[0] in mails(page)[1:]


def test_a_mail_that_comes_while_the_list_is_read_is_in_it(open_page: Opener, up: Up) -> None:
    for _ in range(2):
        up.send_mail(letters.mail([letters.failure()]))
    up.settle()
    page, _ = open_page()
    opened(page, f"?cursor={up.get('/api/v1/mails?limit=1')['next']}")
    read: list[tuple[Route, APIResponse]] = []
    page.route("**/api/v1/mails?*", lambda route: read.append((route, route.fetch())))
    page.get_by_role("link", name="Newest").click()
    while not read:
        page.wait_for_timeout(20)

    before = up.get("/api/v1/stats")["counts"]["mails"]
    up.send_mail(letters.mail([letters.failure()], "meanwhile@centre.example"))
    expect(page.locator("[data-stored=mails]")).to_have_text(f"{before + 1:,}")
    for route, answer in read:
        route.fulfill(response=answer)

    expect(page.get_by_role("link", name="Newest")).to_have_count(0)
    # Where the way to the link has led down the page, it waits at the top.
    waiting = page.get_by_role("button", name="1 new")
    expect(mail_row(page, "meanwhile@centre.example").or_(waiting)).to_be_visible()


def poison(route: Route) -> None:
    """The mails of the API, with senders and codes that the door would never let in."""
    answer = route.fetch()
    page = answer.json()
    for mail, text in zip(page["items"], itertools.cycle(xss.CORPUS), strict=False):
        mail |= {"sender": text, "messages": {f"{text}{n}": n for n in range(1, 7)}, "door": text}
    route.fulfill(response=answer, json=page)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_senders_and_codes_stay_texts(
    open_page: Opener, up: Up, width: int, scheme: str
) -> None:
    for number in range(len(xss.CORPUS)):
        up.send_mail(letters.mail([letters.failure(number=str(number))]))
    up.settle()
    page, _ = open_page(color_scheme=scheme, viewport={"width": width, "height": 844})
    page.route("**/api/v1/mails?*", poison)
    opened(page)
    expect(mail_row(page, "onerror").first).to_be_visible()

    assert not page.evaluate(xss.BITTEN)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for row in mail_row(page, "onerror").all()[:3]:
        row.click(position={"x": 5, "y": 5})
        expect(page.get_by_role("dialog")).to_contain_text("onerror")
        assert not page.evaluate(xss.BITTEN)
        page.keyboard.press("Escape")


def test_an_app_that_is_away_is_named_with_its_remedy(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    up = Up(data, "--without", "metrics")
    try:
        with watched(browser, base_url=up.url) as (page, _):
            opened(page)
            verdict = page.locator(".verdict")
            expect(verdict).to_contain_text("Nobody takes from the queue of metrics")
            expect(verdict).to_contain_text("prodiguer run metrics")
            expect(verdict).to_have_attribute("data-tone", "warning")

            up.post([TRANSFER])
            expect(verdict).to_contain_text("1 message waits")
            expect(verdict).to_have_attribute("data-tone", "bad")
            assert barriers(page) == []

            app = Process("--data", str(data), "run", "metrics")
            try:
                expect(verdict).to_contain_text("All well")
            finally:
                app.stop()
    finally:
        up.stop()


def test_a_platform_that_is_killed_is_told_and_found_again(
    browser: Browser, tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    smtp, web = free_ports
    up = Up(tmp_path / "data", smtp=smtp, web=web)
    try:
        with watched(browser, base_url=up.url) as (page, watch):
            watch.allow("ERR_CONNECTION_REFUSED")
            watch.allow("503.*/ready")  # while its apps begin
            opened(page)
            up.kill()
            expect(page.locator("[data-health=lost]")).to_be_visible()
            expect(page.locator(".verdict")).to_contain_text("The platform does not answer")
            expect(page.locator("[data-check='HTTP door'][data-tone=bad]")).to_be_visible()
            # What was known stays, and is not said to be new.
            expect(page.locator("[data-queue]").first).to_be_visible()

            up = Up(tmp_path / "data", smtp=smtp, web=web)
            expect(page.locator(".verdict")).to_contain_text("All well")
            up.send_mail(letters.mail([letters.failure()]))
            expect(page.locator("[data-mail]")).to_have_count(1)
    finally:
        up.stop()
