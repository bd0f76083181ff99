"""Names that want to be markup, names without end, and a browser whose clock is wrong."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from browser.runs_list import begin, blind, known, open_filters, opened, row, tell
from browser.xss import BITTEN, CORPUS
from live import Up
from support.chromium import Opener
from support.scene import Story

WIDTHS = pytest.mark.parametrize("width", [390, 900, 1440])
FIELDS = ("centre", "machine", "login", "experiment", "model", "space", "accountingProject")
LONG = "CM6-" + "x" * 10_000
RTL = "\u202e" + "\u0645\u062d\u0627\u0643\u0627\u0629 " * 60 + "<img src=x>"


def hostile(up: Up) -> list[str]:
    """A run for each word of the corpus, which is in all its fields; their names as stored."""
    runs = []
    for number, word in enumerate(CORPUS):
        run = Story(f"{word} {number}", words={**dict.fromkeys(FIELDS, word), "activity": word})
        run.begin(60)
        runs.append(run)
    tell(up, *[run.told for run in runs])
    up.settle()
    page = up.get("/api/v1/simulations?limit=200")
    return [one["name"] for one in page["items"] if one["uid"] in {run.uid for run in runs}]


@WIDTHS
def test_hostile_words_stay_words_in_every_field(open_page: Opener, up: Up, width: int) -> None:
    stored = hostile(up)
    assert len(stored) == len(CORPUS)
    page, _ = open_page(viewport={"width": width, "height": 900})
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    opened(page, "/?limit=200")

    expect(page.locator("[data-uid]").first).to_be_visible()
    shown = set(page.locator(".row-name").evaluate_all("all => all.map((a) => a.textContent)"))
    assert set(stored) <= shown
    assert page.evaluate(BITTEN) is False

    open_filters(page)
    place = page.get_by_role("dialog") if width < 1400 else page.locator(".runs-aside")
    expect(place.get_by_title(CORPUS[0], exact=True).first).to_be_visible()
    assert page.evaluate(BITTEN) is False

    # Every value can be asked for, and stands in the address, the chips and the field.
    opened(page, "/?" + urlencode({"q": CORPUS[0], "machine": CORPUS[0]}))
    expect(page.locator(".filter-chips").get_by_text(CORPUS[0]).first).to_be_visible()
    expect(row(page, f"{CORPUS[0]} 0").first).to_be_visible()
    assert page.evaluate(BITTEN) is False


def test_hostile_words_that_come_by_the_stream_stay_words(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    opened(page)
    blind(page, watch)

    hostile(up)

    expect(row(page, f"{CORPUS[0]} 0").first).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.row-name').length >= 20")
    assert page.evaluate(BITTEN) is False


@pytest.mark.parametrize(
    "address", ["/?state=<img src=x onerror=alert(1)>", "/?sort=<svg onload=alert(1)>"]
)
def test_hostile_words_in_the_address_stay_words(open_page: Opener, address: str) -> None:
    page, watch = open_page()
    watch.allow("status of 400")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    opened(page, address)

    expect(page.locator("main [role=alert] h2")).to_be_visible()
    assert page.evaluate(BITTEN) is False


@pytest.mark.bad_input("B133")
@WIDTHS
def test_names_without_end_or_from_right_to_left_hold_the_layout(
    open_page: Opener, up: Up, width: int
) -> None:
    begin(up, LONG, machine=LONG[:200], login=RTL[:100], space="LAYOUT")
    known(up, begin(up, RTL, experiment=RTL, model=LONG, space="LAYOUT"))
    plain = begin(up, "plain-between", space="LAYOUT")
    known(up, plain)
    page, _ = open_page(viewport={"width": width, "height": 900})
    opened(page, "/?space=LAYOUT&tries=all")
    expect(row(page, "plain-between").first).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heights = page.locator("[data-uid]").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert max(heights) <= 1.5 * min(heights)
    # What stands beside a name from right to left stands as it would beside any other.
    lines = page.locator("[data-uid]").evaluate_all(
        "all => all.map((one) => one.querySelector('[data-state]').getBoundingClientRect().left)"
    )
    assert len(set(lines)) == 1
    assert row(page, "plain-between").first.inner_text().count("plain-between") == 1


@pytest.mark.bad_input("B134")
@pytest.mark.parametrize("sign", [1, -1])
def test_a_browser_whose_clock_is_wrong_by_a_year_shows_the_right_ages(
    open_page: Opener, up: Up, sign: int
) -> None:
    page, _ = open_page()
    page.add_init_script(f"""{{
      const Right = Date, offset = {sign * 366 * 86_400_000};
      window.Date = class extends Right {{
        constructor(...given) {{ given.length ? super(...given) : super(Right.now() + offset); }}
        static now() {{ return Right.now() + offset; }}
      }};
    }}""")
    run = Story("started-three-hours-ago")
    tell(up, run.begin(3 * 3600 + 60), run.period(0, 120))
    known(up, run)

    opened(page)
    assert abs(page.evaluate("Date.now()") / 1000 - time.time()) > 300 * 86_400
    times = row(page, "started-three-hours-ago").first.locator("time")
    expect(times.first).to_have_text("3 h ago")
    expect(times.last).to_have_text(re.compile(r"^[2-9] min ago$"))

    begin(up, "begun-just-now")
    age = row(page, "begun-just-now").locator("time").first
    expect(age).to_have_text(re.compile(r"^(just now|\d+ s ago|[1-3] min ago)$"))
    # No run is late or early for it.
    expect(row(page, "CM6-picontrol").locator("[data-state=running]")).to_be_visible()
