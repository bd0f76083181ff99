"""The page of a run goes on by the stream alone, and nothing that is read moves."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from live import Up
from support import run_page, scene
from support.chromium import Opener


def running() -> scene.Story:
    """A run of a name of its own: no test deletes or replaces that of another."""
    run = scene.running()
    run.name = run.told[0]["name"] = f"CM6-{run.uid[:8]}"
    return run


def opened(open_page: Opener, up: Up, tab: str = "overview") -> tuple[Page, scene.Story]:
    """The page of a new run that computes; from now on no GET succeeds."""
    page, watch = open_page()
    watch.allow("503")
    run = running()
    scene.play(up, run)
    run_page.go(page, run, tab)
    run_page.charts_are_here(page)
    run_page.cut_http(page)
    return page, run


def test_jobs_appear_end_and_fail_without_http(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up)
    run_page.turn_to(page, "Jobs")
    rows = run_page.part(page, "jobs").locator("tbody tr")
    expect(rows).to_have_count(2)

    first, second = (str(scene.Story("").job) for _ in range(2))
    up.post(
        [run.say("2000", job=job, postProcessingName=f"tool-{job[:8]}") for job in (first, second)]
    )
    for job in (first, second):
        row = page.locator(f"tr[data-job='{job}']")
        expect(row).to_contain_text(f"tool-{job[:8]}")
        expect(row.locator("[data-state=running]")).to_be_visible()

    up.post(
        [
            run.say("2100", job=first),
            run.say("2900", job=second, command="ncks lost"),
            run.say("2999", job=second),
        ]
    )
    expect(page.locator(f"tr[data-job='{first}'] [data-state=complete]")).to_be_visible()
    expect(page.locator(f"tr[data-job='{second}'] [data-state=error]")).to_be_visible()

    run_page.turn_to(page, "Overview")
    expect(page.locator(f".concern[data-job='{second}']")).to_contain_text("ncks lost")
    expect(page.locator("[data-tally='post_processing.error']")).to_contain_text("1")
    expect(page.locator("[data-tally='post_processing.complete']")).to_contain_text("2")
    expect(page.locator(".happening").first).to_contain_text("post-processing job dies")


def test_periods_progress_and_the_end_come_without_http(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up)
    head = page.locator(".run-head")

    up.post([run.period(7)])

    expect(head).to_contain_text("1857-12-31")
    expect(head).to_contain_text("79 %")
    run_page.turn_to(page, "Periods")
    expect(page.locator("[data-period='1857-12-31']")).to_be_visible()
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    run_page.turn_to(page, "Timeline")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    expect(page.locator(".happening").first).to_contain_text("period 8 begins")
    run_page.turn_to(page, "Config card")
    expect(page.locator(".card-section")).to_contain_text("UserChoices")

    up.post([run.say("1900", command="mpirun ./gcm.e"), run.say("1999")])
    expect(page.locator("[data-verdict=error]")).to_contain_text("died at model time 1857-12-31")
    expect(page).to_have_title(re.compile(f"{run.name} . error"))
    up.post([run.say("1000", job=scene.Story("").job)])
    expect(head.locator("[data-state=running]")).to_be_visible()


def test_new_messages_come_without_http_and_can_be_looked_into(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up, "messages")
    message = run.say("1900", command="rm -rf /scratch/RUN_DIR")

    up.post([message])

    row = page.locator(f"tr[data-message='{message['msgUID']}']")
    expect(row).to_contain_text("rm -rf /scratch/RUN_DIR")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("dialog").locator(".json")).to_contain_text("rm -rf /scratch/RUN_DIR")


def test_messages_wait_while_one_is_looked_into(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up, "messages")
    rows = run_page.part(page, "messages").locator("tbody tr")
    count = rows.count()
    rows.first.get_by_role("link").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()

    up.post([run.period(5), run.period(6)])

    pill = page.locator(".run-pill button")
    expect(pill).to_have_text("2 new messages")
    expect(rows).to_have_count(count)
    page.keyboard.press("Escape")
    pill.click()
    expect(rows).to_have_count(count + 2)
    expect(rows.first).to_contain_text("period 7 begins")
    expect(pill).to_have_count(0)


def test_no_row_moves_while_it_is_read(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up)
    jobs = [
        message for number in range(40) for message in run.post(2000 - number, name=f"t{number}")
    ]
    up.post(jobs)
    run_page.turn_to(page, "Jobs")
    rows = run_page.part(page, "jobs").locator("tbody tr")
    expect(rows).to_have_count(42)
    rows.nth(20).scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    read = page.locator("tr", has_text="t15 ").first
    before = read.bounding_box()

    new = scene.Story("").job
    up.post([run.say("2000", job=new, postProcessingName="newest")])

    pill = page.locator(".run-pill button")
    expect(pill).to_have_text("1 new job")
    assert read.bounding_box() == before
    pill.click()
    expect(page.locator(f"tr[data-job='{new}']")).to_have_count(1)


def test_a_run_that_is_deleted_says_so_and_stays_to_be_read(open_page: Opener, up: Up) -> None:
    page, run = opened(open_page, up)

    up.post([run.say("8888")])

    expect(page.get_by_text("This run was deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name=run.name)).to_be_visible()
    run_page.turn_to(page, "Jobs")
    expect(run_page.part(page, "jobs").locator("tbody tr")).to_have_count(2)


def test_a_run_appears_where_there_was_none(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("404")
    run = scene.Story("CM6-born")
    page.goto(run_page.address(run.uid))
    expect(page.get_by_text("There is no such run")).to_be_visible()
    run_page.cut_http(page)
    watch.allow("503")

    up.post([run.begin(60), run.period(0)])

    expect(page.get_by_role("heading", name="CM6-born")).to_be_visible()
    expect(page.locator(".run-head [data-state=running]")).to_be_visible()


def test_a_failed_load_is_tried_again_and_takes_nothing_away(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("503")
    run = running()
    scene.play(up, run)
    page.route("**/api/v1/simulations/*/jobs*", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(run_page.address(run.uid))

    expect(page.get_by_text("Not everything could be read.")).to_be_visible()
    expect(page.get_by_role("heading", name=run.name)).to_be_visible()
    page.unroute("**/api/v1/simulations/*/jobs*")

    expect(page.get_by_text("Not everything could be read.")).to_have_count(0)
    run_page.ready(page)
