"""Resending and dropping dead letters from their page, end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from live import Up, wait_for
from support import letters
from support.axe import barriers
from support.chromium import Opener
from support.letters import ids, opened, row, spoil, state_of, total


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pager")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, place: Path, _built: None) -> Iterator[Up]:
    """A platform with an app that refuses everything until somebody mends it."""
    up = Up(tmp_path_factory.mktemp("platform") / "data", environ=letters.installed(place))
    try:
        yield up
    finally:
        up.stop()


def test_a_letter_is_resent_once_its_cause_is_mended(
    open_page: Opener, up: Up, place: Path
) -> None:
    failed = letters.failure(command="cp")
    page, _ = open_page()
    opened(page)
    up.send_mail(letters.mail([failed]))
    [letter] = letters.waiting(up, 1, "&app=pager")
    state_of(page, letter["id"], "waiting")
    row(page, letter["id"]).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("nobody is on duty")

    # Not mended: it goes into its queue, dies there once more, and says so.
    drawer.get_by_role("button", name="Resend").click()
    expect(drawer.locator("[data-tone=good]")).to_contain_text("1 accepted.")
    wait_for(lambda: up.get(f"/api/v1/dead-letters/{letter['id']}")["at"] > letter["at"], "it")
    state_of(page, letter["id"], "waiting")
    expect(drawer.locator(".fate")).to_have_text("waiting")

    (place / "list").touch()
    drawer.get_by_role("button", name="Resend").click()

    wait_for(lambda: (place / "list").read_text() == f"{failed['jobuid']}\n", "the app's work")
    expect(drawer.locator(".fate")).to_contain_text("resent")
    page.keyboard.press("Escape")
    state_of(page, letter["id"], "resent")
    expect(page.locator("[data-waiting]")).to_have_count(0)


def test_a_letter_that_is_refused_again_says_why(open_page: Opener, up: Up) -> None:
    [key] = spoil(up)
    page, watch = open_page()
    watch.allow("status of 422")
    opened(page, f"?letter={key}")
    drawer = page.get_by_role("dialog")

    drawer.get_by_role("button", name="Resend").click()

    expect(drawer.locator("[data-tone=bad]")).to_contain_text("1 refused again: missing-fields")
    page.keyboard.press("Escape")
    state_of(page, key, "waiting")


def test_a_letter_is_dropped_after_a_question_that_names_it(open_page: Opener, up: Up) -> None:
    [key] = spoil(up)
    page, _ = open_page()
    opened(page, f"?letter={key}")
    page.get_by_role("dialog").get_by_role("button", name="Drop…").click()
    question = page.get_by_role("dialog", name="Drop this dead letter?")
    expect(question).to_contain_text("fields missing")
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    assert barriers(page) == []

    page.keyboard.press("Enter")
    expect(question).to_have_count(0)
    assert up.status(f"/api/v1/dead-letters/{key}") == 200

    page.get_by_role("dialog").get_by_role("button", name="Drop…").click()
    page.get_by_role("button", name="Drop this dead letter").click()
    expect(page.locator("[data-tone=good]").last).to_contain_text("1 dropped.")
    assert up.status(f"/api/v1/dead-letters/{key}") == 404
    page.keyboard.press("Escape")
    state_of(page, key, "dropped")


def test_several_are_dealt_with_at_once(open_page: Opener, up: Up) -> None:
    spoilt = spoil(up, 12)
    page, watch = open_page()
    watch.allow("status of 422")
    opened(page)
    shown = [key for key in ids(page) if key in spoilt]
    assert len(shown) == 12
    for key in shown[:5]:
        row(page, key).get_by_role("checkbox").check()
    bar = page.get_by_role("group", name="Selected letters")
    expect(bar).to_contain_text("5 selected")

    bar.get_by_role("button", name="Resend").click()
    expect(page.locator("[data-tone=bad]")).to_contain_text("5 refused again: missing-fields")
    # They stay chosen: something is still to be done about them.
    expect(bar).to_contain_text("5 selected")
    before = total(page)

    bar.get_by_role("button", name="Drop…").click()
    question = page.get_by_role("dialog", name="Drop 5 dead letters?")
    expect(question).to_contain_text("fields missing (5)")
    question.get_by_role("button", name="Drop 5 dead letters").click()

    expect(page.locator("[data-tone=good]")).to_contain_text("5 dropped.")
    for key in shown[:5]:
        state_of(page, key, "dropped")
        assert up.status(f"/api/v1/dead-letters/{key}") == 404
    assert total(page) == before - 5
    expect(bar).to_have_count(0)
    page.reload()
    expect(row(page, shown[0])).to_have_count(0)
    expect(row(page, shown[5])).to_be_visible()


def test_one_that_somebody_else_has_dropped_is_no_failure(open_page: Opener, up: Up) -> None:
    [key] = spoil(up)
    page, watch = open_page()
    watch.allow("status of 404")
    opened(page)
    # The page does not hear of it: as if both pressed at the same moment.
    answer = {"title": "Not Found", "status": 404, "detail": "there is none"}
    page.route("**/*/resend", lambda route: route.fulfill(status=404, json=answer))
    row(page, key).get_by_role("checkbox").check()

    page.get_by_role("button", name="Resend", exact=True).click()

    expect(page.locator(".deed-result")).to_contain_text("1 was gone already")
    state_of(page, key, "dropped")


def test_when_the_platform_is_away_the_rest_is_left_alone(open_page: Opener, up: Up) -> None:
    spoilt = spoil(up, 3)
    page, watch = open_page()
    watch.allow("status of 503")
    opened(page)
    answer = {"title": "Service Unavailable", "status": 503, "detail": "later"}

    def refuse(route: Route) -> None:
        if route.request.method == "DELETE":
            route.fulfill(status=503, json=answer)
        else:
            route.fallback()

    page.route("**/api/v1/dead-letters/*", refuse)
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Drop…").click()
    page.get_by_role("dialog").get_by_role("button", name="Drop").last.click()

    expect(page.locator("[data-tone=bad]")).to_contain_text("are untouched")
    for key in spoilt:
        state_of(page, key, "waiting")
