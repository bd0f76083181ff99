"""The checks of `/ready`: side by side, each once at a time, none waited for too long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from prodiguer.errors import ProdiguerError

OK = "ok"

_log = logging.getLogger(__name__)


class Checks:
    """Runs them whenever it is asked.

    Args:
        checks: by name; each raises to say that it is not ready.
        patience: seconds after which a check counts as failed.
    """

    def __init__(self, checks: Mapping[str, Callable[[], None]], patience: float) -> None:
        self._checks = checks
        self._patience = patience
        self._threads = ThreadPoolExecutor(max(1, len(checks)), thread_name_prefix="web-check")
        self._lock = threading.Lock()
        self._running: dict[str, Future[str]] = {}

    def results(self) -> dict[str, str]:
        """Of each check ``ok``, or why it is not."""
        with self._lock:
            futures = {name: self._begin(name) for name in self._checks}
        wait(futures.values(), self._patience)
        late = f"no answer within {self._patience:g} s"
        return {name: f.result() if f.done() else late for name, f in futures.items()}

    def close(self) -> None:
        """Wait for those that run."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _begin(self, name: str) -> Future[str]:
        # One that hangs is waited for again, not begun again: asking often makes no threads.
        running = self._running.get(name)
        if running is None or running.done():
            running = self._running[name] = self._threads.submit(_result, name, self._checks[name])
        return running


def _result(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except ProdiguerError as error:
        return str(error)
    except Exception:  # noqa: BLE001 - whatever a check raises means that it is not ready
        _log.exception("check %s crashed", name, extra={"action": "check_crashed", "check": name})
        return "failed: the log of the process has the details"
    return OK
