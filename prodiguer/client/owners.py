"""Files that belong to one process, by their names alone: ``.KIND@HOST@PID@NAME``.

Locks do not work on every parallel file system; renaming does. prodiguer.ksh names files so too.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

#: Seconds after which a file of another machine, untouched since, is taken for abandoned.
DAY = 86_400.0


def mine(kind: str, name: str) -> str:
    """The name of a file of this process."""
    return f".{kind}@{socket.gethostname()}@{os.getpid()}@{name}"


def abandoned(path: Path) -> tuple[str, str]:
    """Kind and name of a file whose owner is gone; empty ones of any other file."""
    kind, _, rest = path.name[1:].partition("@")
    host, _, rest = rest.partition("@")
    pid, _, name = rest.partition("@")
    if not (name and pid.isdigit()) or "/" in name:
        return "", ""
    gone = not _alive(int(pid)) if host == socket.gethostname() else _untouched(path)
    return (kind, name) if gone else ("", "")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OverflowError, PermissionError):
        return True
    return True


def _untouched(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > DAY
    except FileNotFoundError:
        return False
