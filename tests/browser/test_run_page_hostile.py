"""Whatever a run is called and tells, it stays text: in every field, on every part of the page."""

from __future__ import annotations

import base64

import pytest
import xss
from playwright.sync_api import Dialog, Page, expect

from live import Up
from support import run_page, scene
from support.axe import barriers
from support.chromium import Opener

#: `null` is no text on this wire: it says that there is none.
TEXTS = tuple(text for text in xss.CORPUS if text != "null")
ALL = " ".join(TEXTS)
WORDS = ("name", "centre", "machine", "login", "model", "space", "experiment", "activity")
PATHS = ("archivePath", "storagePath", "storageSmallPath", "jobSubmissionPath", "jobSchedulerID")
WORK = ("Name", "Date", "Dimn", "Comp", "File")
CARD = "\n".join(f"[{text}]\n{text}={text}\n# {text}" for text in TEXTS)


def hostile() -> scene.Story:
    """A run of which every text is one that would run."""
    run = scene.Story(ALL)
    fields = dict.fromkeys((*WORDS, *PATHS, "accountingProject"), ALL)
    card = base64.b64encode(CARD.encode()).decode()
    run.begin(3600, **fields, startDate=TEXTS[0], endDate=TEXTS[1], configuration=card)
    for number, text in enumerate(TEXTS):
        job = scene.Story("").job
        work = {f"postProcessing{field}": text for field in WORK}
        run.say("2000", 3000 - number, job=job, jobSchedulerID=text, **work)
        run.say("2900", 2900 - number, job=job, command=text, **{text: text})
        run.say("2999" if number % 2 else "2100", 2800 - number, job=job)
    run.say("1001", 100, CumulPeriod="1", PeriodDateBegin=TEXTS[0], PeriodDateEnd=TEXTS[1])
    run.say("7000", 90, actionName=ALL, size_Mo=ALL, duration_ms=ALL, throughput_Mo_s=ALL,
            dirFrom=ALL, dirTo=ALL)  # fmt: skip
    for message in run.told:
        message["msgProducerVersion"] = TEXTS[0]
    return run


def unharmed(page: Page) -> None:
    """Nothing of it has become more than text."""
    assert not page.evaluate(xss.BITTEN)


def dialogs(page: Page) -> list[str]:
    """Those that the page opens from now on; they are closed at once."""
    opened: list[str] = []

    def close(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return opened


@pytest.fixture(scope="module")
def run(up: Up) -> scene.Story:
    """It is stored, with nothing refused."""
    run = hostile()
    scene.play(up, run)
    return run


@pytest.mark.parametrize("tab", run_page.TABS)
def test_every_part_shows_hostile_texts_as_texts(page: Page, run: scene.Story, tab: str) -> None:
    opened = dialogs(page)
    run_page.go(page, run, tab)
    expect(page.locator(".chart[data-state=loading]")).to_have_count(0)

    for text in page.locator("section[data-tab] a").all()[:30]:
        text.hover()
    unharmed(page)
    assert opened == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # Whole, letter by letter; what is laid out is folded into one line.
    assert TEXTS[0] in page.locator("h1").inner_text()


def test_the_overview_and_the_card_say_all_of_it(page: Page, run: scene.Story) -> None:
    run_page.go(page, run)
    page.get_by_role("button", name="Show all").click()
    shown = page.locator(".run-attention").inner_text()
    for text in TEXTS:
        assert " ".join(text.split()) in " ".join(shown.split())

    run_page.turn_to(page, "Config card")
    assert page.locator(".card-text").evaluate("(e) => e.textContent.trimEnd()") == CARD
    unharmed(page)


def test_drawers_show_hostile_texts_as_texts(page: Page, run: scene.Story) -> None:
    opened = dialogs(page)
    for message in run.told[1:4]:
        run_page.go(page, run, "messages", inspect=f"message.{message['msgUID']}")
        expect(page.get_by_role("dialog").locator(".json")).to_be_visible()
        unharmed(page)
        run_page.go(page, run, "jobs", inspect=f"job.{message['jobuid']}")
        expect(page.get_by_role("dialog").locator(".happening").first).to_be_visible()
        unharmed(page)
    run_page.go(page, run, "messages", inspect=f"message.{run.told[0]['msgUID']}")
    page.get_by_role("button", name="Decode configuration").click()
    unharmed(page)
    assert opened == []


def test_hostile_texts_that_come_by_the_stream_stay_texts(
    page: Page, up: Up, run: scene.Story
) -> None:
    run_page.go(page, run, "timeline")
    expect(page.locator(".chart[data-state=drawn]")).to_be_visible()
    text = f"fresh {TEXTS[0]}"

    up.post([run.say("2000", job=scene.Story("").job, postProcessingName=text)])

    expect(page.locator(".happening", has_text=text).first).to_be_visible()
    unharmed(page)


@pytest.mark.parametrize("tab", run_page.TABS)
def test_hostile_texts_fit_on_a_phone(open_page: Opener, run: scene.Story, tab: str) -> None:
    page, _ = open_page(viewport={"width": 390, "height": 844})
    run_page.go(page, run, tab)

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(page) == []
