"""After the first load the list goes on by the socket alone."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import expect

from browser.runs_list import begin, blind, known, opened, row, state_of, tell, tile
from live import Up
from support.chromium import Opener
from support.cut_line import CutLine

#: A port that nobody listens on.
NOWHERE = 1


def test_with_every_get_refused_rows_appear_and_progress_and_fail(
    open_page: Opener, up: Up
) -> None:
    page, watch = open_page()
    opened(page)
    before = int(tile(page, "error").inner_text())
    blind(page, watch)

    run = begin(up, "socket-alone")
    state_of(page, "socket-alone", "running")
    expect(row(page, "socket-alone").locator(".progress")).to_contain_text("0 %")

    tell(up, run.period(4))
    expect(row(page, "socket-alone").locator(".progress")).to_contain_text("49 %")

    tell(up, run.post())
    expect(row(page, "socket-alone")).to_contain_text("post")

    tell(up, run.say("1999"))
    state_of(page, "socket-alone", "error")
    expect(tile(page, "error")).to_have_text(str(before + 1))
    expect(page.locator("[role=alert] h2")).to_have_count(0)


def test_with_every_get_refused_a_cut_connection_goes_on(open_page: Opener, up: Up) -> None:
    way = [up.web]
    with CutLine(lambda: way[0]) as line:
        page, watch = open_page(base_url=line.url)
        watch.allow("WebSocket connection to")
        opened(page)
        blind(page, watch)
        first = begin(up, "before-the-cut")
        state_of(page, "before-the-cut", "running")

        way[0] = NOWHERE
        line.cut()
        expect(page.locator("[data-health=lost]")).to_be_visible()
        known(up, begin(up, "during-the-cut"))
        tell(up, first.say("1999"))

        way[0] = up.web
        state_of(page, "during-the-cut", "running")
        state_of(page, "before-the-cut", "error")
        expect(page.locator("[data-health=live]")).to_be_visible()
        expect(row(page, "during-the-cut")).to_have_count(1)


@pytest.mark.slow
def test_a_server_that_falls_silent_is_told_within_ten_seconds(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    opened(page)

    os.kill(up.pid, signal.SIGSTOP)
    try:
        # By the page's own clock, which nothing else on this machine slows down.
        silence = page.evaluate(
            """() => new Promise((told) => {
              const began = performance.now();
              const look = () => document.querySelector("[data-health=live]")
                ? setTimeout(look, 50) : told(performance.now() - began);
              look();
            })"""
        )
        expect(page.locator("[data-health=stale]")).to_be_visible()
        expect(row(page, "CM6-picontrol")).to_be_visible()
    finally:
        os.kill(up.pid, signal.SIGCONT)

    assert silence < 10_000
    expect(page.locator("[data-health=live]")).to_be_visible()
    begin(up, "after-the-silence")
    state_of(page, "after-the-silence", "running")


def test_a_deleted_run_is_struck_out_where_it_is(open_page: Opener, up: Up) -> None:
    run = begin(up, "to-be-deleted")
    known(up, run)
    page, watch = open_page()
    watch.allow("status of 404")
    opened(page)
    expect(row(page, "to-be-deleted")).to_be_visible()

    tell(up, run.say("8888"))

    expect(row(page, "to-be-deleted")).to_contain_text("deleted")
    page.reload()
    expect(row(page, "CM6-picontrol")).to_be_visible()
    expect(row(page, "to-be-deleted")).to_have_count(0)
