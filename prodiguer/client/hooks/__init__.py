"""The hooks that job scripts source, and how they come to a computing centre.

`install` puts two files into a directory: ``prodiguer.ksh``, which job scripts source, and
``prodiguer_client.pyz``, which sends what the hook wrote down. Neither needs anything else of this
package there: any Python from 3.8 on runs the second one, and without any the hook sends by itself.
"""

from __future__ import annotations

import io
import os
import shlex
import zipfile
from collections.abc import Mapping
from pathlib import Path

from prodiguer.client.version import PACKAGE, version

HERE = Path(__file__).parent
HOOK = "prodiguer.ksh"
CLIENT = "prodiguer_client.pyz"
#: Modules of the client that a machine without this package needs.
MODULES = ("__init__", "__main__", "channels", "emit", "owners", "settings", "spool", "version")


class AlreadyThere(Exception):
    """A file of that name is there and says something else: replace it with --force."""


def install(directory: Path, *, force: bool = False) -> list[Path]:
    """Copy the hooks; the files that were written, none where the same ones are there already.

    Args:
        directory: made if need be; better one that all nodes see.
        force: replace other versions, and files that somebody changed. Jobs that have sourced the
            old hook go on with it: each file is replaced at once or not at all.

    Raises:
        AlreadyThere: nothing was written.
        OSError: the directory cannot be made or written.
    """
    wanted = {directory / name: content for name, content in files(directory).items()}
    missing = {path: content for path, content in wanted.items() if _content(path) != content}
    there = [path for path in missing if path.exists()]
    if there and not force:
        raise AlreadyThere(
            f"{there[0]} is there and is not that of version {version()}: replace it with --force"
        )
    directory.mkdir(parents=True, exist_ok=True)
    for path, content in missing.items():
        _write(path, content)
    return list(missing)


def files(directory: Path) -> Mapping[str, bytes]:
    """Name and content of each file as it is installed in a directory."""
    text = (HERE / HOOK).read_text("utf-8")
    home = shlex.quote(str(directory.absolute()))
    hook = text.replace("@VERSION@", version()).replace("@HOME@", home)
    return {HOOK: hook.encode(), CLIENT: _client()}


def _client() -> bytes:
    """The client as one file that Python runs; the same bytes each time."""
    package = HERE.parent
    sources = {
        "__main__.py": "from prodiguer.client.__main__ import main\n"
        "import sys\n\nsys.exit(main(sys.argv[1:]))\n",
        "prodiguer/__init__.py": "",
        # As `pip` would write it: where the client looks up its version.
        f"{PACKAGE}-{version()}.dist-info/METADATA": f"Name: {PACKAGE}\nVersion: {version()}\n",
    } | {
        f"prodiguer/client/{name}.py": (package / f"{name}.py").read_text("utf-8")
        for name in MODULES
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in sources.items():
            archive.writestr(zipfile.ZipInfo(name), source, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.chmod(0o644)
    temporary.rename(path)
