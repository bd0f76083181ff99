"""From fresh sources to runs that move on the page, by the one command of the README."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from live import ROOT, wait_for
from support.chromium import watched

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: What a working tree has and a fresh one has not.
MADE = shutil.ignore_patterns(
    *(".git", ".venv", "node_modules", "static", "build", "*.egg-info", "__pycache__"),
    *(".*_cache", ".hypothesis", "prodiguer-demo", "prodiguer-data"),
)
DASHBOARD = re.compile(r"http://127\.0\.0\.1:\d+")
#: Enough for an installation from nothing on a busy machine.
INSTALLATION = 600.0


class Demo:
    """`make demo` in a directory, and what it says."""

    def __init__(self, place: Path) -> None:
        self.said: list[str] = []
        arguments = "--smtp 127.0.0.1:0 --web 127.0.0.1:0 --simulations 6 --speed 10"
        self._process = subprocess.Popen(
            ["make", "demo", f"ARGS={arguments}"],
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        self.said.extend(iter(self._process.stdout.readline, ""))

    def address(self) -> str:
        """Of the dashboard, once it is said."""

        def look() -> str | None:
            said = "".join(list(self.said))
            assert self._process.poll() is None, said
            found = DASHBOARD.search(said)
            return found and found[0]

        return str(wait_for(look, "the dashboard's address", INSTALLATION))

    def interrupt(self) -> None:
        """Ctrl-C on its terminal: to the command and to what it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(60)
        self._listener.join()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def demo_in(place: Path) -> Iterator[Demo]:
    demo = Demo(place)
    try:
        yield demo
    finally:
        demo.interrupt()


def test_one_command_leads_from_the_sources_to_runs_that_move(
    tmp_path: Path, browser: Browser
) -> None:
    fresh = tmp_path / "prodiguer"
    shutil.copytree(ROOT, fresh, ignore=MADE)

    with demo_in(fresh) as demo, watched(browser, base_url=demo.address()) as (page, _):
        page.goto("/")
        moving = page.get_by_role("progressbar")
        expect(moving.first).to_be_visible()
        # It goes on by itself: nobody touches the page from here on.
        before = moving.evaluate_all("bars => bars.map(bar => bar.value).join()")
        wait_for(
            lambda: moving.evaluate_all("bars => bars.map(bar => bar.value).join()") != before,
            "progress on the page",
        )
    assert any("Installing" in line for line in demo.said)

    with demo_in(fresh) as again:
        again.address()
    prepared = [line for line in again.said if re.search("Installing|Building|Making", line)]
    assert prepared == [], "a second start has nothing to prepare"
