"""Filters, search, order and pages of the list: all of it is in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.runs_list import names, opened, query, row, tell
from live import Up
from support.chromium import Opener
from support.scene import Story

MANY = 130


@pytest.fixture(scope="module", autouse=True)
def _many(up: Up) -> None:
    """Runs on three machines, a minute between any two; number 0 is the oldest."""
    stories = []
    for number in range(MANY):
        machine = ("adastra", "belenos", "curie")[number % 3]
        words = {"machine": machine, "space": "MANY", "login": f"user{number % 20:02d}"}
        run = Story(f"MANY-{number:03d}", words=words)
        # Long ago, so that these come after whatever other tests begin.
        run.begin(200_000 - 60 * number)
        stories.append(run)
    tell(up, *[story.told for story in stories])
    up.settle()


def numbered(*numbers: int) -> list[str]:
    return [f"MANY-{number:03d}" for number in numbers]


def shows(page: Page, first: int, last: int, *, of: int) -> None:
    """Wait until the list says that these are its rows."""
    expect(page.locator("[data-part=range]").first).to_have_text(f"{first}\u2013{last} of {of}")


def facet(page: Page, name: str) -> None:
    """Open a filter of the column."""
    head = page.locator(f".runs-aside [data-facet={name}] h3 button")
    if head.get_attribute("aria-expanded") == "false":
        head.click()


def test_a_filter_of_the_column_narrows_and_is_taken_back(page: Page) -> None:
    opened(page, "/?space=MANY")
    shows(page, 1, 50, of=130)

    page.locator("[data-facet=machine]").get_by_role("button", name="adastra").click()
    shows(page, 1, 44, of=44)
    assert query(page) == {"space": "MANY", "machine": "adastra"}
    # The others can still be chosen: a filter does not narrow itself.
    expect(page.locator("[data-facet=machine]").get_by_role("button", name="curie")).to_be_visible()

    facet(page, "login")
    page.locator("[data-facet=login]").get_by_role("button", name="user00").click()
    expect(page.get_by_role("list", name="Filters in force").get_by_role("button")).to_have_count(4)

    page.get_by_role("button", name="Machine adastra").click()
    assert query(page) == {"space": "MANY", "login": "user00"}
    page.locator(".runs-aside").get_by_role("button", name="Clear all").click()
    assert query(page) == {}


def test_a_long_filter_can_be_searched(page: Page) -> None:
    opened(page, "/?space=MANY")
    facet(page, "login")
    box = page.locator(".runs-aside [data-facet=login]")
    box.get_by_role("button", name="Show all").click()

    box.get_by_role("searchbox").fill("R17")

    expect(box.get_by_role("listitem")).to_have_count(1)
    box.get_by_role("button", name="user17").click()
    shows(page, 1, 6, of=6)


def test_a_tile_filters_by_state(page: Page) -> None:
    opened(page)
    page.get_by_role("group", name="Runs by state").get_by_text("error").click()

    expect(row(page, "ORCA-broken")).to_be_visible()
    expect(page.locator("[data-state]:not([data-state=error])")).to_have_count(0)
    assert query(page) == {"state": "error"}
    page.go_back()
    expect(row(page, "AMIP-ended")).to_be_visible()
    assert query(page) == {}


def test_what_is_typed_is_searched_after_a_moment_as_one_step(page: Page) -> None:
    opened(page)
    page.get_by_role("searchbox", name="Search by name").press_sequentially("many-01", delay=20)
    shows(page, 1, 10, of=10)
    assert query(page) == {"q": "many-01"}

    page.get_by_role("searchbox", name="Search by name").fill("*-0*5")
    shows(page, 1, 10, of=10)
    expect(row(page, "MANY-095")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("searchbox", name="Search by name")).to_have_value("")
    expect(row(page, "CM6-picontrol")).to_be_visible()


def test_a_span_of_time_and_the_tries_are_filters(page: Page) -> None:
    opened(page)
    page.get_by_label("Heard of within").select_option("1W")
    page.get_by_role("button", name="All tries").click()

    expect(page.get_by_role("button", name="All tries")).to_have_attribute("aria-pressed", "true")
    assert query(page) == {"since": "1W", "tries": "all"}


def test_a_head_sorts_and_sorts_the_other_way(page: Page) -> None:
    opened(page, "/?space=MANY")
    head = page.get_by_role("columnheader").filter(has_text="Run")
    assert names(page)[:3] == numbered(129, 128, 127)

    head.get_by_role("button", name="Run").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("[data-uid] .row-name").first).to_have_text("MANY-000")
    assert query(page)["sort"] == "name"

    head.get_by_role("button", name="Run").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator("[data-uid] .row-name").first).to_have_text("MANY-129")
    page.get_by_role("button", name="Started").click()
    assert "sort" not in query(page)


def test_pages_follow_each_other_and_lead_back(page: Page) -> None:
    opened(page, "/?space=MANY")
    page.get_by_role("button", name="Next").click()
    shows(page, 51, 100, of=130)
    assert names(page) == numbered(*range(79, 29, -1))
    page.get_by_role("button", name="Next").click()
    shows(page, 101, 130, of=130)
    expect(page.get_by_role("button", name="Next")).to_be_disabled()

    page.get_by_role("button", name="Previous").click()
    shows(page, 51, 100, of=130)
    page.go_back()
    shows(page, 101, 130, of=130)
    page.get_by_label("Rows").select_option("200")
    shows(page, 1, 130, of=130)


def test_an_address_from_elsewhere_shows_the_same_page(open_page: Opener) -> None:
    mine, _ = open_page()
    opened(mine, "/?space=MANY&sort=name&utm=mail")
    mine.get_by_role("button", name="Next").click()
    mine.get_by_role("button", name="Next").click()
    shows(mine, 101, 130, of=130)

    theirs, _ = open_page()
    opened(theirs, mine.url)
    shows(theirs, 101, 130, of=130)
    assert names(theirs) == names(mine)
    # Nobody was on the pages before, and still there is a way back.
    theirs.get_by_role("button", name="Previous").click()
    shows(theirs, 51, 100, of=130)
    assert names(theirs) == numbered(*range(50, 100))
    theirs.get_by_role("button", name="Previous").click()
    shows(theirs, 1, 50, of=130)
    expect(theirs.get_by_role("button", name="Previous")).to_be_disabled()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?state=wrong", "state must be one of"),
        ("/?limit=0", "a whole number from 1 to 1000"),
        ("/?sort=height", "sort must be one of"),
        ("/?since=9Y", "since must be"),
        ("/?cursor=nonsense&from=51", "cursor"),
        ("/?q=" + "*" * 17, "at most 16 wildcards"),
    ],
)
def test_a_bad_value_is_answered_in_the_words_of_the_api(
    open_page: Opener, address: str, words: str
) -> None:
    page, watch = open_page()
    watch.allow("status of 400")
    opened(page, address)

    expect(page.locator("main").get_by_text(re.compile(re.escape(words)))).to_be_visible()


def test_the_whole_row_leads_to_the_run(page: Page, up: Up) -> None:
    uid = up.get("/api/v1/simulations?q=ORCA-broken")["items"][0]["uid"]
    opened(page)
    row(page, "ORCA-broken").locator("progress").click()
    expect(page).to_have_url(re.compile(f"/simulations/{uid}$"))
    # Chromium complains of a socket that is closed before it stands.
    expect(page.locator("[data-health=live]")).to_be_visible()

    page.go_back()
    expect(page.locator("[data-health=live]")).to_be_visible()
    row(page, "ORCA-broken").get_by_role("link", name="ORCA-broken").press("Enter")
    expect(page).to_have_url(re.compile(f"/simulations/{uid}$"))
    expect(page.locator("[data-health=live]")).to_be_visible()


def test_where_nothing_matches_there_is_a_way_out(page: Page) -> None:
    opened(page, "/?q=nothing-like-it")

    expect(page.get_by_role("heading", name="No run matches")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(row(page, "CM6-picontrol")).to_be_visible()


def test_on_a_phone_the_filters_are_a_sheet(open_page: Opener) -> None:
    page, _ = open_page(viewport={"width": 390, "height": 844})
    opened(page, "/?space=MANY")
    expect(page.get_by_role("complementary", name="Filters")).to_be_hidden()

    page.get_by_role("button", name="Filters").click()
    sheet = page.get_by_role("dialog")
    sheet.locator("[data-facet=machine]").get_by_role("button", name="curie").click()
    sheet.get_by_role("button", name="Show 43 runs").click()

    expect(sheet).to_have_count(0)
    shows(page, 1, 43, of=43)
    page.get_by_label("Sort by").select_option("name")
    expect(page.locator("[data-uid] .row-name").first).to_have_text("MANY-002")
