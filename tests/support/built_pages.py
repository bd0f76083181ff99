"""What a build of the pages leaves, small."""

from __future__ import annotations

import gzip
from pathlib import Path

SCRIPT = "index-B3a9x_-1.js"
SHELL = f'<!doctype html><title>Pages</title><script type="module" src="/assets/{SCRIPT}"></script>'
CODE = "document.title = 'moving';\n" * 100


def make_pages(place: Path) -> Path:
    """Write them, with a file besides that no page has."""
    (place / "assets").mkdir(parents=True, exist_ok=True)
    for name, text in {
        "index.html": SHELL,
        "favicon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        f"assets/{SCRIPT}": CODE,
        "assets/index-C0ffee.css": "body { margin: 0 }",
        "assets/notes.txt": "not of a page",
    }.items():
        (place / name).write_text(text)
    (place / f"assets/{SCRIPT}.gz").write_bytes(gzip.compress(CODE.encode()))
    return place
