"""The built pages, read into memory once: a request never names a path of the file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prodiguer.web.etags import etag_of

#: Where the build puts the pages (see CONTRIBUTING.md).
BUILT = Path(__file__).parent / "static"

#: What a page is made of; no other file is served.
_MEDIA: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Form:
    """The bytes of a file in one encoding, and their tag."""

    content: bytes
    tag: str

    @classmethod
    def of(cls, path: Path) -> Form:
        """Read a file."""
        content = path.read_bytes()
        return cls(content, etag_of(content))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the pages; ``pressed`` is the same with gzip, where the build made it."""

    media: str
    plain: Form
    pressed: Form | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All files of the pages by name: ``index.html``, ``favicon.svg``, ``assets/…``."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Path) -> Shelf:
        """What a build left there; empty where the pages were not built."""
        return cls({path.relative_to(place).as_posix(): _sheet(path) for path in _files(place)})


def _files(place: Path) -> Iterator[Path]:
    for folder in (place, place / "assets"):
        if folder.is_dir():
            yield from (path for path in sorted(folder.iterdir()) if path.suffix in _MEDIA)


def _sheet(path: Path) -> Sheet:
    pressed = path.with_name(f"{path.name}.gz")
    return Sheet(
        media=_MEDIA[path.suffix],
        plain=Form.of(path),
        pressed=Form.of(pressed) if pressed.is_file() else None,
    )
