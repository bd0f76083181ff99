"""Chromium, and an eye on everything that a page complains of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page asks for, nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

#: Chromium says so on the console too, but not of every kind.
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
});
"""


class Watch:
    """What went wrong in a page; `allow` what a test brings about itself."""

    def __init__(self) -> None:
        self._complaints: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Complaints that match are meant to be."""
        self._allowed.append(re.compile(pattern))

    @property
    def complaints(self) -> list[str]:
        """All others so far."""
        return [
            text
            for text in self._complaints
            if not any(pattern.search(text) for pattern in self._allowed)
        ]

    def over(self, context: BrowserContext) -> None:
        """Begin to look at all pages of a context."""
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"error: {error.error}"))
        context.on("request", lambda request: self._host(request.url))
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._host(socket.url))
        page.on("crash", lambda _: self._note("the page crashed"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self._note(f"console: {message.text} ({place})")

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self._note(f"a request to another host: {url}")

    def _note(self, text: str) -> None:
        self._complaints.append(text)


#: Opens a page with options of a context, and says what it complains of.
Opener = Callable[..., tuple[Page, Watch]]


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """A page in a context of its own; fails in the end where it complained of anything.

    Args:
        browser: in which.
        options: of `Browser.new_context`: viewport, color_scheme, base_url, …
    """
    watch = Watch()
    settings: Mapping[str, Any] = {
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "Europe/Paris",
        **options,
    }
    context = browser.new_context(**settings)
    try:
        watch.over(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page, watch
    finally:
        context.close()
    assert not watch.complaints, "\n".join(watch.complaints)
