"""The end of a process that stays: by a signal at any moment."""

from __future__ import annotations

import signal
import subprocess
import sys

from live import PATIENCE

CHILD = """
import os, signal
from prodiguer.cli.processes import stop_on_signals

stop = stop_on_signals()
# As while it waits, for some microseconds each time.
with stop._cond:
    os.kill(os.getpid(), signal.SIGTERM)
print("stopped" if stop.wait(60) else "deaf", flush=True)
if "twice" in os.sys.argv:
    os.kill(os.getpid(), signal.SIGTERM)
"""


def child(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_signal_is_heard_while_the_process_looks_for_one() -> None:
    done = child()

    assert (done.stdout, done.returncode) == ("stopped\n", 0)


def test_a_second_signal_ends_the_process_at_once() -> None:
    assert child("twice").returncode == 128 + signal.SIGTERM
