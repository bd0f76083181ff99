"""Dead letters as they come about, and their page as a reader sees it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from live import Up, wait_for
from support.scene import Story

#: Where the mouse harms nothing.
AWAY = (5, 5)

APP = '''"""Takes failures of jobs, but only once its list is there."""
from pathlib import Path
from prodiguer import App, JobFailed, Refused

app = App("pager")


@app.on(JobFailed)
def page(message, context):
    list = Path(context.settings["list"])
    if not list.exists():
        raise Refused("no-list", str(message.get("command")), "nobody is on duty")
    with list.open("a") as file:
        file.write(f"{message.job_uid}\\n")
'''


def installed(place: Path) -> dict[str, str]:
    """An environment with the app in it; what is at fault is mended by making the file `list`."""
    described = place / "prodiguer_pager-1.dist-info"
    described.mkdir(parents=True)
    (place / "prodiguer_pager.py").write_text(APP)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: prodiguer-pager\nVersion: 1")
    (described / "entry_points.txt").write_text("[prodiguer.apps]\npager = prodiguer_pager:app\n")
    return {"PYTHONPATH": str(place), "PRODIGUER_APPS__PAGER__LIST": str(place / "list")}


def mail(lines: Sequence[bytes | dict[str, Any]], sender: str = "jobs@centre.example") -> bytes:
    """A mail with these lines: bytes as they are, objects as clients write them."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = "prodiguer@platform.example"
    letter["Subject"] = f"messages {uuid4()}"
    texts = [
        line if isinstance(line, bytes) else base64.b64encode(json.dumps(line).encode())
        for line in lines
    ]
    letter.set_content(b"\n".join(texts).decode("ascii") + "\n")
    return letter.as_bytes()


def failure(**more: str) -> dict[str, Any]:
    """A compute job dies."""
    run = Story("pages")
    return run.say("1999", **more)


def waiting(up: Up, many: int, query: str = "") -> list[dict[str, Any]]:
    """The dead letters, once there are so many."""
    path = f"/api/v1/dead-letters?limit=200{query}"
    if not many:
        return list(up.get(path)["items"])

    def look() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = up.get(path)["items"]
        return found if len(found) >= many else None

    found: list[dict[str, Any]] = wait_for(look, f"{many} dead letters")
    return found


def found(up: Up, query: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The dead letter that fits, once it is there."""

    def look() -> dict[str, Any] | None:
        items: list[dict[str, Any]] = up.get(f"/api/v1/dead-letters?{query}")["items"]
        return next(filter(fits, items), None)

    letter: dict[str, Any] = wait_for(look, f"a dead letter of {query}")
    return letter


def spoil(up: Up, many: int = 1, words: str = "spoilt") -> list[str]:
    """So many elements that are no messages, each another; the ids of their dead letters."""
    before = {letter["id"] for letter in waiting(up, 0)}
    up.post([{"msgCode": "0000", "name": f"{words} {number} {uuid4()}"} for number in range(many)])
    after = waiting(up, len(before) + many)
    return [letter["id"] for letter in after if letter["id"] not in before]


def opened(page: Page, query: str = "") -> Page:
    """The list, loaded and live, with the mouse beside it."""
    page.mouse.move(*AWAY)
    page.goto(f"/dead-letters{query}")
    expect(page.locator("[data-health=live]")).to_be_visible()
    expect(
        page.locator(".dead-list:not(.awaiting):not(.waiting), main .notice").first
    ).to_be_visible()
    return page


def row(page: Page, id: str) -> Locator:
    """Of a letter, in the list."""
    return page.locator(f"[data-letter='{id}']")


def state_of(page: Page, id: str, state: str) -> None:
    """Wait until its row says so."""
    expect(page.locator(f"[data-letter='{id}'][data-state={state}]")).to_be_visible()


def ids(page: Page) -> list[str]:
    """In the order of the rows."""
    found: list[str] = page.locator("[data-letter]").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.letter)"
    )
    return found


def total(page: Page) -> int:
    """As the head of the page says it."""
    return int(page.locator("[data-total]").get_attribute("data-total") or -1)
