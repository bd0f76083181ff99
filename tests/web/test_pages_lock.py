"""The lock file of the pages serves everywhere: whatever the registry, whatever the machine."""

import json
import re
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
PACKAGES = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]


def test_it_names_no_registry() -> None:
    assert [name for name, package in PACKAGES.items() if "resolved" in package] == []


def test_every_package_has_a_version_and_a_digest() -> None:
    assert [
        name
        for name, package in PACKAGES.items()
        if name and not ("version" in package and package.get("integrity", "").startswith("sha512"))
    ] == []


def test_the_packages_of_every_platform_are_in_it() -> None:
    asked = {
        name for package in PACKAGES.values() for name in package.get("optionalDependencies", {})
    }
    there = {name.rpartition("node_modules/")[2] for name in PACKAGES}

    assert asked - there == set()


def test_it_is_of_these_dependencies() -> None:
    asked = json.loads((FRONTEND / "package.json").read_text("utf-8"))

    for kind in ("dependencies", "devDependencies"):
        assert PACKAGES[""][kind] == asked[kind]


def test_nothing_of_the_pages_comes_from_elsewhere() -> None:
    for file in (FRONTEND / "src").rglob("*.ts*"):
        found = re.findall(r"""(?:from|import\()\s*["'](https?:)?//""", file.read_text("utf-8"))
        assert not found, file
    assert not re.findall(r"(?:src|href)=.https?:", (FRONTEND / "index.html").read_text("utf-8"))
