"""Named points where a test makes a process fail; in production each is one dictionary look-up.

``PRODIGUER_FAULT=after_commit:kill@3`` kills the process at the third passage of the point
``after_commit``. Actions: ``kill`` (SIGKILL), ``raise`` (OSError EIO), ``full`` (OSError ENOSPC),
``delay`` (2 s). Several faults are separated by commas.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
import time

VARIABLE = "PRODIGUER_FAULT"

_lock = threading.Lock()


def _plan(text: str) -> dict[str, tuple[str, int]]:
    plan = {}
    for item in filter(None, text.split(",")):
        name, _, rest = item.partition(":")
        action, _, count = rest.partition("@")
        plan[name] = (action, int(count or 1))
    return plan


_faults = _plan(os.environ.get(VARIABLE, ""))


def point(name: str) -> None:
    """Fail here if the environment asks for it."""
    if name not in _faults:
        return
    with _lock:
        action, left = _faults[name]
        _faults[name] = (action, left - 1)
    if left == 1:
        _strike(action, name)


def _strike(action: str, name: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise OSError(errno.EIO, f"fault asked for at {name}")
    elif action == "full":
        raise OSError(errno.ENOSPC, f"fault asked for at {name}")
    elif action == "delay":
        time.sleep(2)
    else:
        raise ValueError(f"{VARIABLE}: unknown action {action!r} at {name}")
