"""Signing in where tokens exist: by a page, and its stream by a ticket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from live import PATIENCE, Up, prodiguer
from support import letters, scene
from support.axe import barriers
from support.chromium import Opener

#: What a browser says of it, by HTTP and by WebSocket.
REFUSED = "status of 401|no valid credentials"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("platform") / "data"


@pytest.fixture(scope="module")
def up(data: Path, _built: None) -> Iterator[Up]:
    """A platform with a run and two dead letters, of which then a token is asked for."""
    up = Up(data)
    try:
        scene.play(up, scene.running())
        letters.spoil(up, 2)
        yield up
    finally:
        up.stop()


def made(data: Path, name: str, *scopes: str, **options: str) -> dict[str, str]:
    """A token; its `id` and its `token`."""
    words = [word for scope in scopes for word in ("--scope", scope)]
    done = prodiguer("--json", "--data", str(data), "token", "create", name, *words)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def reader(data: Path, up: Up) -> str:
    return made(data, "reader", "read")["token"]


@pytest.fixture(scope="module")
def operator(data: Path, up: Up) -> str:
    return made(data, "operator", "read", "operate")["token"]


def sign_in(page: Page, token: str) -> None:
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_a_reader_signs_in_once_and_all_pages_live(open_page: Opener, up: Up, reader: str) -> None:
    page, watch = open_page()
    watch.allow(REFUSED)
    page.goto("/platform")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Token")).to_be_focused()
    assert barriers(page) == []
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))

    sign_in(page, reader)

    expect(page.locator(".verdict")).to_contain_text("All well")
    expect(page.locator("[data-health=live]")).to_be_visible()
    # By a ticket: the token itself is in no address.
    assert all("ticket=" in url and reader not in url for url in sockets)
    for place, sign in (("Runs", "[data-uid]"), ("Dead letters", "[data-letter]")):
        page.get_by_role("link", name=place).first.click()
        expect(page.locator(sign).first).to_be_visible()
        expect(page.locator("[data-health=live]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-letter]").first).to_be_visible()


def test_a_token_that_is_none_is_said(open_page: Opener, up: Up, reader: str) -> None:
    page, watch = open_page()
    watch.allow(REFUSED)
    page.goto("/dead-letters")

    for wrong in ("pdg_wrong", "\u0442\u043e\u043a\u0435\u043d", "a\tb"):
        sign_in(page, wrong)
        expect(page.get_by_role("alert")).to_contain_text("was not accepted")
    assert barriers(page) == []

    sign_in(page, f"  {reader} ")
    expect(page.locator("[data-letter]").first).to_be_visible()


def test_signing_out_forgets_the_token(open_page: Opener, up: Up, reader: str) -> None:
    page, watch = open_page()
    watch.allow(REFUSED)
    page.goto("/")
    sign_in(page, reader)
    expect(page.get_by_text("CM6-picontrol").first).to_be_visible()

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("CM6-picontrol")).to_have_count(0)
    expect(page.locator("[data-health]")).to_have_count(0)
    assert (
        page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])").find("pdg_") < 0
    )
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_may_only_read_is_told_which_scope_it_takes_to_act(
    open_page: Opener, up: Up, reader: str, operator: str
) -> None:
    page, watch = open_page()
    watch.allow(REFUSED)
    watch.allow("status of 403")
    watch.allow("status of 422")
    page.goto("/dead-letters")
    sign_in(page, reader)
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Resend", exact=True).click()
    expect(page.locator("[data-tone=bad]")).to_contain_text("Not allowed, 2 are untouched")
    expect(page.locator("[data-tone=bad]")).to_contain_text("operate")
    expect(page.locator("[data-letter]")).to_have_count(2)

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, operator)
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Resend", exact=True).click()
    expect(page.locator("[data-tone=bad]")).to_contain_text("2 refused again")


@pytest.mark.slow
def test_a_token_that_is_taken_back_ends_the_page(open_page: Opener, up: Up, data: Path) -> None:
    token = made(data, "short", "read")
    page, watch = open_page()
    watch.allow(REFUSED)
    page.goto("/platform")
    sign_in(page, token["token"])
    expect(page.locator("[data-health=live]")).to_be_visible()

    done = prodiguer("--data", str(data), "token", "revoke", token["id"])
    assert done.returncode == 0, done.stderr

    expect(page.get_by_role("alert")).to_contain_text("revoked", timeout=3 * PATIENCE * 1000)
