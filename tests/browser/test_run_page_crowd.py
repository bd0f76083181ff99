"""A run of hundreds of jobs and thousands of messages is as easy to read as a small one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from live import Up
from support import run_page, scene
from support.chromium import Opener

JOBS = 220
MESSAGES = 3000
TOOLS = ("pack_output", "create_ts", "create_se", "monitoring", "atlas")


@pytest.fixture(scope="module")
def run(up: Up) -> scene.Story:
    """Jobs of five tools, every tenth dead, and periods without end."""
    run = scene.Story("CM6-crowd")
    run.begin(40_000)
    for number in range(JOBS):
        end = "2999" if number % 10 == 0 else "2100"
        run.post(39_000 - 150 * number, ends=end, name=TOOLS[number % len(TOOLS)])
    for number in range(MESSAGES - len(run.told)):
        run.period(number % 10, 39_000 - 10 * number)
    scene.play(up, run)
    return run


@pytest.mark.slow
def test_all_of_it_is_there(page: Page, run: scene.Story) -> None:
    run_page.go(page, run)
    expect(page.get_by_role("button", name="Show all 22")).to_be_visible()
    run_page.turn_to(page, "Jobs")
    expect(run_page.part(page, "jobs").locator("tbody tr")).to_have_count(JOBS + 1)

    run_page.turn_to(page, "Timeline")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    # A lane for the model's time and for what computes, one or more for each tool; not one a job.
    height = page.locator(".chart-canvas").bounding_box()
    assert height
    assert 250 < height["height"] < 800

    run_page.turn_to(page, "Messages")
    rows = run_page.part(page, "messages").locator("tbody tr")
    expect(rows).to_have_count(100)
    for shown in (200, 300):
        page.get_by_role("button", name="Show older messages").click()
        expect(rows).to_have_count(shown)
    page.get_by_label("Code").select_option("2999")
    expect(rows).to_have_count(JOBS // 10)


@pytest.mark.slow
def test_a_burst_leaves_the_page_in_the_hand(open_page: Opener, up: Up, run: scene.Story) -> None:
    page, _ = open_page(viewport={"width": 390, "height": 844})
    run_page.go(page, run, "messages")
    before = len(run.told)

    for _ in range(5):
        up.post([run.period(9) for _ in range(100)])
    up.post([run.say("1999")])

    expect(page.locator("[data-verdict=error]")).to_be_visible()
    expect(page.get_by_role("link", name="compute job dies")).to_be_visible()
    run_page.turn_to(page, "Timeline")
    expect(page.get_by_role("heading", name="Happenings")).to_contain_text(f"{before + 501:,}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
