"""What axe-core, the checker of accessibility, finds in a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from support.needs import missing

SOURCE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary, html }) =>
      `${id}: ${target.join(" ")}: ${failureSummary}: ${html.slice(0, 200)}`));
}
"""


@cache
def _source() -> str:
    if not SOURCE.exists():
        missing("axe-core is not installed: scripts/frontend types")
    return SOURCE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What is serious or critical, a line for each element: rule, remedy, where."""
    # By the debugger's door: the page's own policy lets no script in, and that is right.
    page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN)
    return found
