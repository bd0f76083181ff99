"""Pictures of the pages, light and dark, of a demonstration in full swing."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from live import ROOT, Process, Up, wait_for
from support.chromium import ARGUMENTS, watched

IMAGES = ROOT / "docs" / "images"
#: Larger ones make a clone heavy.
LARGEST = 300_000
#: Seconds until there is something of everything.
PATIENCE = 300.0
#: What nobody can read: the page of dead letters is not empty.
BROKEN = [
    {"msgCode": "0000", "simuid": "not a uid", "name": "broken at its source"},
    {"msgCode": "1001", "PeriodDateBegin": "1850-01-01"},
    {"msgCode": "4711", "msgTimestamp": "yesterday"},
    {"msgCode": "1999", "jobuid": 17},
    {"msgApplication": "monitoring", "msgProducer": "libigcm"},
    {"msgCode": "7000", "size_Mo": "a lot", "actionName": "archive"},
]
#: Seconds that a page is open before its picture is taken; curves want some minutes.
OPEN = {"runs": 5, "run": 5, "dead-letters": 5, "platform": 90}


class Demo(Up):
    """`prodiguer demo`, and the same questions as to `prodiguer up`."""

    def __init__(self, data: Path) -> None:
        doors = ["--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0"]
        Process.__init__(self, "demo", "--seed", "1", "--speed", "4", "--data", str(data), *doors)
        self.web = int(self.heard(r"HTTP: http://127\.0\.0\.1:(\d+)")[1])
        self.url = f"http://127.0.0.1:{self.web}"

    def in_full_swing(self) -> bool:
        """Runs of every kind are there."""
        states = Counter(run["state"] for run in self.items("/api/v1/simulations"))
        return (
            states["running"] >= 5
            and states["complete"] >= 3
            and states["error"] + states["late"] >= 1
        )

    def busiest(self) -> str:
        """The page of the run with the most jobs among those that run."""
        runs = self.items("/api/v1/simulations?state=running")
        run = max(runs, key=lambda run: sum(run["jobs"]["compute"].values()))
        return f"/simulations/{run['uid']}"


def take(browser: Browser, demo: Demo) -> None:
    """All pictures."""
    paths = {
        "runs": "/",
        "run": demo.busiest(),
        "platform": "/platform",
        "dead-letters": "/dead-letters",
    }
    for name, path in paths.items():
        for scheme, suffix in (("light", ""), ("dark", "-dark")):
            with watched(browser, base_url=demo.url, color_scheme=scheme) as (page, _):
                page.goto(path)
                save(page, OPEN[name], IMAGES / f"{name}{suffix}.png")


def save(page: Page, seconds: float, file: Path) -> None:
    """One picture, once the page shows what it has to show."""
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_timeout(seconds * 1000)
    page.screenshot(path=file, animations="disabled")
    size = file.stat().st_size
    sys.stdout.write(f"{file.relative_to(ROOT)}: {size // 1000} kB\n")
    if size > LARGEST:
        sys.exit(f"{file} is larger than {LARGEST // 1000} kB")


def main() -> None:
    """Start, wait, take, end."""
    chromium = shutil.which("chromium") or sys.exit("There is no chromium: install it.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        demo = Demo(Path(place) / "data")
        try:
            wait_for(demo.in_full_swing, "runs of every kind", PATIENCE)
            demo.post(BROKEN)
            take(browser, demo)
        finally:
            demo.stop()
            browser.close()


if __name__ == "__main__":
    main()
