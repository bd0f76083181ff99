"""Each part of a run's page shows what there is, to everybody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from live import Up
from support import run_page, scene
from support.axe import barriers
from support.chromium import Opener

STORIES = {"running": scene.running, "failed": scene.failed, "late": scene.late}


@pytest.fixture(scope="module")
def stories(up: Up) -> dict[str, scene.Story]:
    """A run of each kind, and one that was tried twice."""
    told = {name: story() for name, story in STORIES.items()}
    again = scene.failed()
    again.name = told["failed"].name
    told["again"] = again
    scene.play(up, *told.values())
    return told


def test_the_head_says_how_the_run_stands(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["running"])

    head = page.locator(".run-head")
    expect(head.get_by_role("heading", name="CM6-picontrol")).to_be_visible()
    expect(head.locator("[data-state=running]")).to_be_visible()
    expect(head).to_contain_text("1854-12-31")
    for word in ("irene · TGCC", "amartin", "IPSLCM6", "piControl", "PROD", "gencmip6"):
        expect(head).to_contain_text(word)
    expect(page).to_have_title(re.compile("CM6-picontrol . running"))


def test_what_failed_comes_first(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["failed"])

    expect(page.locator("[data-verdict=error]")).to_contain_text("on irene died at model time 1850")
    concerns = page.locator(".concern")
    expect(concerns).to_have_count(2)
    expect(concerns.first).to_contain_text("compute job")
    expect(concerns.last).to_contain_text("create_ts 18591231 died")
    expect(page.locator("[data-tally='post_processing.error']")).to_contain_text("1")


def test_a_failed_command_is_told_with_its_words(
    page: Page, stories: dict[str, scene.Story]
) -> None:
    run_page.go(page, stories["running"])

    page.locator(".concern").get_by_role("link", name="cp -p ATM.nc /store/ATM.nc").click()

    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("1900")
    expect(drawer.locator(".json")).to_contain_text('"command": "cp -p ATM.nc /store/ATM.nc"')
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_what_happened_stands_right_under_what_needs_attention(
    page: Page, stories: dict[str, scene.Story]
) -> None:
    run_page.go(page, stories["late"])  # little in the wide column beside much in the narrow one

    columns = page.locator(".run-overview").evaluate(
        """overview => {
            const boxes = [...overview.children].map((part) => part.getBoundingClientRect());
            const top = boxes[0].left, left = boxes.filter((box) => box.left === top);
            const gap = parseFloat(getComputedStyle(overview).rowGap);
            return [gap, left.map((box) => [box.top, box.bottom])];
        }"""
    )

    gap, ((_, end), (begin, _)) = columns
    assert begin - end == pytest.approx(gap, abs=1)


def test_a_late_run_says_since_when(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["late"])

    expect(page.locator("[data-verdict=late]")).to_contain_text("should have ended")
    expect(page.locator(".run-head")).to_contain_text("Late since")


def test_jobs_are_filtered_and_sorted_by_the_address(
    page: Page, stories: dict[str, scene.Story]
) -> None:
    run_page.go(page, stories["failed"], "jobs", kind="post_processing")
    rows = run_page.part(page, "jobs").locator("tbody tr")
    expect(rows).to_have_count(1)

    page.get_by_role("button", name="All kinds").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Start", exact=False).first.click()
    expect(page).to_have_url(re.compile("sort=started_at"))
    expect(rows.first).to_contain_text("Compute")
    page.get_by_role("searchbox").fill("create")
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(1)


def test_a_job_is_shown_whole_with_its_messages(
    page: Page, stories: dict[str, scene.Story]
) -> None:
    run_page.go(page, stories["failed"], "jobs")

    page.locator("tbody tr", has_text="create_ts").get_by_role("link").click()

    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading").first).to_contain_text("create_ts")
    expect(drawer.locator(".happening")).to_have_count(2)
    drawer.get_by_role("link", name="All messages of this job").click()
    expect(run_page.part(page, "messages").locator("tbody tr")).to_have_count(2)


def test_the_timeline_is_drawn_and_told(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["failed"], "timeline")

    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    happenings = run_page.part(page, "timeline").locator(".happening")
    expect(happenings).to_have_count(len(stories["failed"].told))
    expect(happenings.first).to_contain_text("compute job dies")
    page.get_by_role("button", name="Newest first").click()
    expect(happenings.first).to_contain_text("simulation ORCA-broken starts on irene (TGCC)")
    page.get_by_role("button", name="Failures only").click()
    expect(happenings).to_have_count(2)


def test_a_bar_opens_its_job(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["late"], "timeline")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()

    box = page.locator(".chart-canvas").bounding_box()
    assert box
    # Its only lane, in the middle of the hour for which it has run.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 43)

    expect(page.get_by_role("dialog")).to_contain_text("Compute job")


def test_the_chart_follows_the_theme_and_the_wheel(
    page: Page, stories: dict[str, scene.Story]
) -> None:
    run_page.go(page, stories["running"], "timeline")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    picture = "() => document.querySelector('.chart canvas').toDataURL()"
    light = page.evaluate(picture)

    page.get_by_role("button", name="Colours:").click()
    page.get_by_role("button", name="Colours: light").click()
    page.wait_for_function(f"(light) => ({picture})() !== light", arg=light)
    dark = page.evaluate(picture)
    page.locator(".chart-canvas").hover()
    page.mouse.wheel(0, -500)
    page.wait_for_function(f"(dark) => ({picture})() !== dark", arg=dark)


def test_periods_stand_with_how_long_they_took(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["running"], "periods")

    rows = run_page.part(page, "periods").locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("1854-01-01 to 1854-12-31")
    expect(rows.nth(1)).to_contain_text("10 min")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    expect(page.locator(".run-head")).to_contain_text("144 simulated years a day")


def test_messages_are_filtered_and_looked_into(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["running"], "messages")
    rows = run_page.part(page, "messages").locator("tbody tr")
    expect(rows).to_have_count(len(stories["running"].told))

    page.get_by_label("Code").select_option("0000")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Decode configuration").click()
    expect(drawer.get_by_label("What configuration says", exact=True)).to_have_text(scene.CARD)


def test_the_card_is_shown_and_kept(
    page: Page, stories: dict[str, scene.Story], tmp_path: Path
) -> None:
    run_page.go(page, stories["running"], "card")
    expect(page.locator(".card-section")).to_have_text(re.compile("UserChoices"))

    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()

    download.value.save_as(tmp_path / "card")
    assert (tmp_path / "card").read_text() == scene.CARD
    assert download.value.suggested_filename == "CM6-picontrol.config.card"


def test_the_tries_lead_to_each_other(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["failed"], "tries")
    rows = run_page.part(page, "tries").locator("tbody tr")
    here = rows.locator("xpath=self::*[@aria-current]")
    expect(here).to_have_count(1)
    count = rows.count()
    assert count >= 2

    rows.get_by_role("link").first.click()

    run_page.ready(page)
    expect(page.locator(".run-tries")).to_contain_text(f"of {count}")
    assert stories["failed"].uid not in page.url


@pytest.mark.parametrize("uid", ["not-a-uid", "%3Cimg%3E", "UPPER", "%E0%A4%A"])
def test_what_can_be_no_run_is_said_to_be_none(page: Page, uid: str) -> None:
    page.goto("/")
    expect(page.locator("[data-health=live]")).to_be_visible()
    page.evaluate("(path) => history.pushState(null, '', path)", f"/simulations/{uid}")
    page.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")

    expect(page.get_by_text("There is no such run")).to_be_visible()
    page.get_by_role("link", name="All runs").click()
    expect(page).to_have_url(re.compile("/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_part_shuts_anybody_out(
    open_page: Opener, stories: dict[str, scene.Story], width: int, scheme: Any
) -> None:
    page, _ = open_page(color_scheme=scheme, viewport={"width": width, "height": 844})
    run = stories["failed"]
    for tab in run_page.TABS:
        run_page.go(page, run, tab)
        expect(run_page.part(page, tab)).to_be_visible()
        expect(page.locator(".chart[data-state=loading]")).to_have_count(0)
        assert barriers(page) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), tab
    job = run.told[0]["jobuid"]
    run_page.go(page, run, "jobs", inspect=f"job.{job}")
    expect(page.get_by_role("dialog").locator(".happening").first).to_be_visible()
    assert barriers(page) == []
    message = run.told[0]["msgUID"]
    run_page.go(page, run, "messages", inspect=f"message.{message}")
    expect(page.get_by_role("dialog").locator(".json")).to_be_visible()
    assert barriers(page) == []


def test_all_of_it_is_reached_by_the_keyboard(page: Page, stories: dict[str, scene.Story]) -> None:
    run_page.go(page, stories["failed"], "jobs")
    link = page.locator("tbody tr").first.get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()
