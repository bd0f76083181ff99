"""A message that is suspected to kill its process is handled in a process that may die.

Both sides are here. The child, ``python -m prodiguer.bootstrap.trial``, gets its order on
standard input. It says when it begins with the message and when it has done with it: one that
ends in between, by whatever means, died of the message. One that never begins (no memory, no
database) proves nothing, and neither does one that takes too long.
"""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from prodiguer.app import App
from prodiguer.bootstrap.platform import Platform
from prodiguer.config import Loaded
from prodiguer.ports.transport import Delivery
from prodiguer.runner import rehearse
from prodiguer.storage.store import open_store

#: Seconds that a trial may take, the start of the child and its waiting for locks included.
LIMIT = 60
#: The modules are those of this process, not what lies in the current directory.
COMMAND = (sys.executable, "-P", "-m", "prodiguer.bootstrap.trial")

_BEGUN, _DONE = b"begun\n", b"done\n"
#: Seconds between looks for somebody who wants the end, and whether the parent lives.
_LOOK = 0.2

log = logging.getLogger(__name__)


class TrialApart:
    """A `prodiguer.runner.Trial` in a child process.

    Args:
        loaded: the configuration.
        app: the name of the app whose handler is tried.
        command: what starts the child; it calls `main`.
        limit: seconds, whole ones.
    """

    def __init__(
        self, loaded: Loaded, app: str, command: Sequence[str] = COMMAND, limit: int = LIMIT
    ) -> None:
        self._loaded = loaded
        self._app = app
        self._command = command
        self._limit = limit

    def __call__(self, delivery: Delivery, check: Callable[[], None]) -> bool:
        order = pickle.dumps((os.getpid(), self._limit, self._loaded, self._app, delivery))
        said = self._listen(order, check)
        died = said == _BEGUN
        log.warning(
            "a message that a process may have died of is tried in another one",
            extra={
                "action": "message_tried",
                "app": self._app,
                "message_uid": delivery.properties.message_id,
                "verdict": "died" if died else "lived" if said == _BEGUN + _DONE else "unknown",
            },
        )
        return died

    def _listen(self, order: bytes, check: Callable[[], None]) -> bytes | None:
        """What a child said before its end; None where it had no time or no place to say it."""
        deadline = time.monotonic() + self._limit
        unsent: bytes | None = order
        try:
            child = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        except OSError:
            return None
        with child:
            try:
                while time.monotonic() < deadline:
                    check()
                    with suppress(subprocess.TimeoutExpired):
                        said, _ = child.communicate(unsent, _LOOK)
                        return None if child.returncode == -signal.SIGALRM else said
                    unsent = None
            finally:
                child.kill()
        return None


def main(apps: Mapping[str, App] | None = None) -> None:
    """Be the child.

    Args:
        apps: the app is one of these; the installed ones by default.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # They are meant for the parent, which stops by them, and ends this process then.
        signal.signal(number, signal.SIG_IGN)
    answer = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # handlers may print
    parent, limit, loaded, name, delivery = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our parent
    signal.alarm(limit)  # where the watch does not get its turn any more
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    platform = Platform(loaded)
    store = open_store(platform.database_url, data=platform.data, clock=platform.clock)
    settings = platform.settings
    app = (apps or platform.apps)[name]
    os.write(answer, _BEGUN)
    with suppress(Exception):  # whatever it raises, it does not kill
        rehearse(
            app,
            store,
            platform.catalog,
            platform.clock,
            settings.apps.get(name, {}),
            settings.mode,
            delivery,
        )
    os.write(answer, _DONE)
    os._exit(0)  # at once, whatever the handler left running


def _watch(parent: int) -> None:
    """End with the parent: what is left of a trial would hold the database's lock."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


if __name__ == "__main__":
    main()
