"""The page of dead letters: what it shows, what it finds, and that it goes on by itself."""

from __future__ import annotations

import json

import pytest
import xss
from playwright.sync_api import expect

from browser.runs_list import blind
from live import Up, wait_for
from support import letters
from support.axe import barriers
from support.chromium import Opener
from support.letters import ids, opened, row, spoil, state_of, total


def test_with_every_get_refused_letters_come_and_change(open_page: Opener, up: Up) -> None:
    old = spoil(up, 2)
    page, watch = open_page()
    opened(page)
    before = total(page)
    blind(page, watch)

    [new] = spoil(up)
    state_of(page, new, "waiting")
    assert ids(page)[0] == new
    assert total(page) == before + 1
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", str(total(page)))

    for key in (old[0], new):
        request = page.request
        assert request.delete(f"{up.url}/api/v1/dead-letters/{key}").status == 204
        state_of(page, key, "dropped")
    state_of(page, old[1], "waiting")
    assert total(page) == before - 1
    expect(page.locator("main .notice")).to_have_count(0)

    # Its bytes are here, as far as the list has them.
    row(page, old[1]).get_by_role("link").first.click()
    expect(page.get_by_role("dialog").get_by_label("Content")).to_contain_text('"msgCode": "0000"')


def test_letters_that_come_wait_while_somebody_reads(open_page: Opener, up: Up) -> None:
    spoil(up, 3)
    page, _ = open_page()
    opened(page)
    first = ids(page)[0]
    row(page, first).hover()

    new = spoil(up, 2)

    page.get_by_role("button", name="2 new").click()
    assert set(ids(page)[:2]) == set(new)
    assert ids(page)[2] == first


def test_letters_that_waited_come_in_when_the_reader_turns_away(open_page: Opener, up: Up) -> None:
    spoil(up)
    page, _ = open_page()
    opened(page)
    row(page, ids(page)[0]).hover()
    [new] = spoil(up)
    expect(page.get_by_role("button", name="1 new")).to_be_visible()

    page.mouse.move(*letters.AWAY)

    state_of(page, new, "waiting")
    assert ids(page)[0] == new


def test_filters_are_in_the_address_and_narrow_the_list(open_page: Opener, up: Up) -> None:
    up.send_mail(letters.mail([b"this is not base64 !!", letters.failure()]))
    of_mail = letters.found(up, "reason=not-base64", lambda letter: letter["size"] == 21)
    [other] = spoil(up)
    page, _ = open_page()
    opened(page)

    page.get_by_label("Reason", exact=True).select_option("not base64")
    expect(row(page, other)).to_have_count(0)
    expect(row(page, of_mail["id"])).to_be_visible()
    assert "reason=not-base64" in page.url

    page.get_by_label("Door", exact=True).select_option("HTTP")
    expect(page.get_by_text("No dead letter fits")).to_be_visible()
    page.go_back()
    expect(row(page, of_mail["id"])).to_be_visible()
    page.reload()
    expect(row(page, of_mail["id"])).to_be_visible()

    page.get_by_role("button", name="Clear filters").click()
    expect(row(page, other)).to_be_visible()
    page.get_by_role("button", name="Resent", exact=True).click()
    expect(row(page, other)).to_have_count(0)


def test_pages_are_in_the_address_and_new_ones_are_counted_there(open_page: Opener, up: Up) -> None:
    spoil(up, 60)
    page, _ = open_page()
    opened(page)
    first = ids(page)
    page.get_by_role("link", name="Older").click()
    expect(row(page, first[0])).to_have_count(0)
    assert "cursor=" in page.url
    assert not set(ids(page)) & set(first)

    [new] = spoil(up)
    page.get_by_role("link", name="1 new").click()

    state_of(page, new, "waiting")
    assert ids(page)[0] == new


def test_a_letter_is_explained_and_its_bytes_are_shown(open_page: Opener, up: Up) -> None:
    broken = letters.failure(msgTimestamp="yesterday", note="x" * 9000)
    up.send_mail(letters.mail([broken]))
    letter = letters.found(up, "reason=bad-field", lambda letter: letter["size"] > 9000)
    page, _ = open_page()
    opened(page)

    row(page, letter["id"]).get_by_role("link").first.click()

    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading").first).to_have_text("bad field")
    expect(drawer).to_contain_text("bad-field: msgTimestamp")
    expect(drawer).to_contain_text("What to do:")
    # All of it, though the list has its first 4,096 bytes only.
    content = drawer.get_by_label("Content")
    expect(content).to_contain_text("x" * 9000)
    assert json.loads(content.inner_text()) == broken
    drawer.get_by_role("button", name="Hex").click()
    expect(content).to_contain_text("00000000  ")
    with page.expect_download() as download:
        drawer.get_by_role("button", name="Download").click()
    assert len(download.value.path().read_bytes()) == letter["size"]

    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    assert "letter=" not in page.url


def test_its_mail_is_a_press_away_and_back(open_page: Opener, up: Up) -> None:
    up.send_mail(letters.mail([b"%%%%", letters.failure()]))
    letter = letters.found(up, "reason=not-base64", lambda letter: letter["size"] == 4)
    page, _ = open_page()
    opened(page, f"?letter={letter['id']}")

    page.get_by_role("dialog").get_by_role("link", name=letter["mail"]).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("jobs@centre.example")
    expect(drawer.locator(".code")).to_contain_text("1999")
    expect(drawer.get_by_role("link", name="1 message")).to_be_visible()
    drawer.get_by_role("link", name="1 dead letters").click()

    expect(row(page, letter["id"])).to_be_visible()
    assert ids(page) == [letter["id"]]


def test_a_letter_that_is_not_there_says_so(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("status of 404")
    opened(page, "?letter=none")

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("no such dead letter")


def test_a_filter_that_the_api_refuses_is_said(open_page: Opener, up: Up) -> None:
    page, watch = open_page()
    watch.allow("status of 400")
    page.goto("/dead-letters?stage=nowhere")

    expect(page.get_by_role("alert")).to_contain_text("stage")


@pytest.fixture(scope="module")
def hostile(up: Up) -> list[str]:
    """Dead letters and a mail whose every text would be more than text."""
    before = {letter["id"] for letter in letters.waiting(up, 0)}
    elements = [{"msgCode": text, "msgUID": text, "simuid": text} for text in xss.CORPUS]
    up.post(elements)
    broken = [letters.failure(msgTimestamp=text) for text in xss.CORPUS]
    lines = [text.encode("ascii", "replace") for text in xss.CORPUS if "\u2028" not in text]
    sender = '"<img src=x onerror=window.bitten=1>" <"<svg/onload=window.bitten=1>"@x.example>'
    up.send_mail(letters.mail([*lines, *broken], sender))
    count = len(before) + len(elements) + len(broken)
    return [one["id"] for one in letters.waiting(up, count) if one["id"] not in before]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_texts_stay_texts(
    open_page: Opener, up: Up, hostile: list[str], width: int, scheme: str
) -> None:
    page, _ = open_page(color_scheme=scheme, viewport={"width": width, "height": 844})
    opened(page)
    assert not page.evaluate(xss.BITTEN)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    for key in hostile[:: len(hostile) // 6]:
        opened(page, f"?letter={key}")
        drawer = page.get_by_role("dialog")
        expect(drawer.get_by_label("Content")).to_be_visible()
        for view in drawer.get_by_role("group").get_by_role("button").all():
            view.click()
            assert not page.evaluate(xss.BITTEN)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(page) == []


def test_hostile_texts_that_come_by_the_stream_stay_texts(open_page: Opener, up: Up) -> None:
    page, _ = open_page()
    opened(page)
    before = total(page)

    up.post([{"msgCode": text, "name": f"{text}{len(text)}"} for text in xss.CORPUS])

    wait_for(lambda: page.wait_for_timeout(50) or total(page) > before + 20, "the letters")
    assert not page.evaluate(xss.BITTEN)
