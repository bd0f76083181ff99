"""What pip calls (PEP 517, 660): setuptools, after the pages were built.

Where Node.js is missing, pip is asked for the Python package that has it, for the time of the
build. Where the pages are there and of these sources, as in an sdist, nothing is needed.
"""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import pages_build
import pages_node
from setuptools import build_meta
from setuptools.build_meta import (
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Mapping[str, str | list[str] | None] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Packages that the build needs besides those of pyproject.toml."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """As of a wheel."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """As of a wheel: an sdist has the pages in it."""
    return [*build_meta.get_requires_for_build_sdist(config_settings), *_node()]


def build_wheel(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """A wheel with the pages in it; its name."""
    _pages()
    # What setuptools copied there for an earlier wheel would go into this one as well.
    for left in Path("build").glob("lib*/prodiguer/web/static"):
        shutil.rmtree(left)
    return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """A wheel that points to this checkout, in which the pages are now; its name."""
    _pages()
    # A general warning of folders that would hide the package; newer versions of pip show it.
    warnings.filterwarnings("ignore", message=r"\s*Editable installation")
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """The sources and the pages; its name."""
    _pages()
    return str(build_meta.build_sdist(sdist_directory, config_settings))


def _node() -> list[str]:
    return [pages_node.PACKAGE] if pages_build.stale() and not pages_node.there() else []


def _pages() -> None:
    try:
        pages_build.build()
    except (pages_node.NoNodeError, pages_build.BuildError) as error:
        # The text alone: a traceback would bury it.
        sys.exit(f"\n{error}\n")
