"""Every action that the code logs is promised in the page for operators, and none besides."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"


def test_the_page_lists_exactly_the_actions_of_the_log() -> None:
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("prodiguer", "apps")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
    logged = set(re.findall(r'"action": "(\w+)"', code)) | set(
        re.findall(r'_fields\(\s*"(\w+)"', code)
    )
    table = PAGE.read_text("utf-8").partition("| action | when |")[2]
    promised = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }

    assert promised == logged
