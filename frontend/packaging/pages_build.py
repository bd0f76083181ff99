"""Builds the pages into the package when their sources have changed, and only then.

As a command, `python frontend/packaging/pages_build.py [SCRIPT…]`, it then runs these scripts of
package.json; exit code 3 says that Node.js is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pages_node
from pages_node import Node, NoNodeError

SOURCES = Path(__file__).resolve().parents[1]
BUILT = SOURCES.parent / "prodiguer" / "web" / "static"
#: In what was built: which sources it was built of.
STAMP = "sources.sha256"
#: Set to something, nothing is built; pages that are there are taken as they are.
SKIP = "PRODIGUER_SKIP_PAGES"

_FILES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_FOLDERS = ("src", "public")


class BuildError(Exception):
    """The pages could not be built; the text has the reason."""


def stale() -> bool:
    """Whether the pages are to be built: they are missing, or of other sources."""
    if os.environ.get(SKIP) or not (SOURCES / "package.json").exists():
        return False
    stamp = BUILT / STAMP
    return not stamp.exists() or stamp.read_text(encoding="ascii").strip() != digest()


def digest() -> str:
    """The sources' digest, tests not among them."""
    found = hashlib.sha256()
    for path in _sources():
        content = path.read_bytes()
        found.update(f"{path.relative_to(SOURCES).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def build() -> None:
    """Build the pages if they are stale. Several processes may ask at once: one builds.

    Raises:
        NoNodeError: there is nothing to build with.
        BuildError: npm or the build failed; what was built before is still there.
    """
    if not stale():
        return
    with _turn():
        if stale():
            _build(pages_node.find())


def check(scripts: Sequence[str]) -> int:
    """Run scripts of package.json one after the other; the exit code of the first that fails.

    Raises:
        NoNodeError: there is nothing to run them with.
        BuildError: their packages cannot be installed.
    """
    node = pages_node.find()
    with _turn():
        _install(node)
    for script in scripts:
        command = [*node.npm, "run", "--silent", script]
        done = subprocess.run(command, cwd=SOURCES, env=dict(node.environ()), check=False)
        if done.returncode:
            return done.returncode
    return 0


def _install(node: Node) -> None:
    if not _installed():
        # Scripts of packages are not run: none of ours needs its own.
        try:
            _npm(node, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund")
        except BuildError as error:
            raise BuildError(
                f"{error} Without a way to npm's packages, install a wheel that has the pages in "
                f"it, or set {SKIP}=1."
            ) from None


def _build(node: Node) -> None:
    sources = digest()
    _install(node)
    fresh, old = BUILT.with_name("static.new"), BUILT.with_name("static.old")
    shutil.rmtree(fresh, ignore_errors=True)
    _npm(node, "run", "build", "--", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn")
    (fresh / STAMP).write_text(f"{sources}\n", encoding="ascii")
    shutil.rmtree(old, ignore_errors=True)
    if BUILT.exists():
        BUILT.rename(old)
    fresh.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def _npm(node: Node, *arguments: str) -> None:
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=SOURCES,
        env=dict(node.environ()),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        command = f"npm {' '.join(arguments)}"
        raise BuildError(f"{done.stdout}\n`{command}` failed in {SOURCES}: see above.")


def _installed() -> bool:
    """Whether node_modules has what the lock file names: npm notes there what it installed."""
    note = SOURCES / "node_modules" / ".package-lock.json"
    if not note.exists():
        return False
    wanted = _packages(SOURCES / "package-lock.json")
    there = _packages(note)
    needed = {name for name, package in wanted.items() if name and not package.get("optional")}
    return needed <= there.keys() and all(
        package.get("integrity") == wanted.get(name, {}).get("integrity")
        for name, package in there.items()
    )


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return found


def _sources() -> Iterator[Path]:
    yield from (SOURCES / name for name in _FILES)
    for folder in _FOLDERS:
        yield from (
            path
            for path in sorted((SOURCES / folder).rglob("*"))
            if path.is_file() and ".test." not in path.name
        )


@contextmanager
def _turn() -> Iterator[None]:
    with (SOURCES / "package.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(scripts: Sequence[str]) -> int:
    """Build, and say so; then run scripts; the exit code."""
    try:
        if stale():
            sys.stderr.write("Building the pages …\n")
            build()
        return check(scripts) if scripts else 0
    except NoNodeError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
