"""Rows do not move under the reader."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from browser.runs_list import begin, known, names, opened, row, state_of, tell, tile
from live import Up
from support.scene import Story


def test_rows_stay_while_the_pointer_is_over_them(page: Page, up: Up) -> None:
    opened(page)
    row(page, "AMIP-ended").hover()
    before, box = names(page), row(page, "AMIP-ended").bounding_box()

    first = begin(up, "came-meanwhile-1")
    expect(page.get_by_role("button", name="1 new run")).to_be_visible()
    begin(up, "came-meanwhile-2")
    expect(page.get_by_role("button", name="2 new runs")).to_be_visible()

    assert names(page) == before
    assert row(page, "AMIP-ended").bounding_box() == box

    page.get_by_role("button", name="2 new runs").click()
    expect(row(page, "came-meanwhile-1")).to_be_visible()
    assert names(page)[:2] == ["came-meanwhile-2", "came-meanwhile-1"]
    tell(up, first.say("0100"))
    state_of(page, "came-meanwhile-1", "complete")


def test_rows_stay_while_the_focus_is_in_them(page: Page, up: Up) -> None:
    opened(page)
    row(page, "AMIP-ended").get_by_role("link").focus()
    before = names(page)

    begin(up, "came-behind-the-focus")
    expect(page.get_by_role("button", name="1 new run")).to_be_visible()

    assert names(page) == before
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "AMIP-ended"


def test_a_new_run_comes_by_itself_where_nobody_is_at_the_table(page: Page, up: Up) -> None:
    opened(page)
    before = int(tile(page, "running").inner_text())

    begin(up, "came-by-itself")

    expect(row(page, "came-by-itself")).to_be_visible()
    assert names(page)[0] == "came-by-itself"
    expect(tile(page, "running")).to_have_text(str(before + 1))


def test_a_run_that_matches_no_more_stays_until_the_next_action(page: Page, up: Up) -> None:
    run = begin(up, "leaves-the-filter")
    known(up, run)
    opened(page, "/?state=running")
    before = names(page)
    assert "leaves-the-filter" in before

    tell(up, run.say("0100"))

    expect(row(page, "leaves-the-filter")).to_contain_text("no longer matches")
    state_of(page, "leaves-the-filter", "complete")
    assert names(page) == before
    page.get_by_role("group", name="Runs by state").get_by_text("complete").click()
    expect(row(page, "AMIP-ended")).to_be_visible()
    expect(row(page, "leaves-the-filter")).not_to_contain_text("no longer")


def test_a_list_by_progress_is_sorted_again_when_it_is_asked_to(page: Page, up: Up) -> None:
    slow = begin(up, "still-at-its-start", space="SORT")
    fast = begin(up, "far-ahead", space="SORT")
    tell(up, fast.period(3))
    up.settle()
    opened(page, "/?sort=-progress&space=SORT")
    assert names(page) == ["far-ahead", "still-at-its-start"]

    tell(up, slow.period(8))
    expect(row(page, "still-at-its-start").locator(".progress")).to_contain_text("89 %")

    assert names(page) == ["far-ahead", "still-at-its-start"]
    page.get_by_role("button", name="Sort again").click()
    expect(page.get_by_role("button", name="Sort again")).to_have_count(0)
    assert names(page) == ["still-at-its-start", "far-ahead"]


def test_a_run_becomes_late_without_a_message(page: Page, up: Up) -> None:
    opened(page)
    run = Story("soon-late")
    # In time for a second, and for the five minutes of grace, of which a few seconds are left.
    tell(up, run.begin(293, jobWarningDelay="1"))

    expect(row(page, "soon-late")).to_be_visible()
    state_of(page, "soon-late", "late")
