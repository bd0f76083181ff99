"""Tests in a real Chromium, of the pages as they are built, on a real platform."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from live import PATIENCE, ROOT, Up
from support import scene
from support.chromium import ARGUMENTS, Opener, Watch, watched
from support.needs import missing

CHROMIUM = shutil.which("chromium")
#: No test is about how quick this machine is.
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    """The pages are those of the sources."""
    command = [sys.executable, str(ROOT / "frontend" / "packaging" / "pages_build.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module: Playwright keeps an event loop in this thread while it is open,
    in which other modules want their own."""
    if CHROMIUM is None:
        missing("there is no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, _built: None) -> Iterator[Up]:
    """A platform with a run of each state and a dead letter."""
    up = Up(tmp_path_factory.mktemp("platform") / "data")
    try:
        scene.play(up, scene.running(), scene.completed(), scene.failed(), scene.late())
        scene.spoil(up)
        yield up
    finally:
        up.stop()


@pytest.fixture
def open_page(browser: Browser, up: Up) -> Iterator[Opener]:
    """Pages of contexts with options of their own; each that complains fails its test."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> tuple[Page, Watch]:
            return stack.enter_context(watched(browser, **{"base_url": up.url, **options}))

        yield open_one


@pytest.fixture
def page(open_page: Opener) -> Page:
    """A page; not yet anywhere."""
    return open_page()[0]
