"""What the commands that stay have in common: start, wait for a signal, drain, account."""

from __future__ import annotations

import _thread
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from prodiguer import telemetry
from prodiguer.bootstrap.session import Session
from prodiguer.cli import descriptors, output
from prodiguer.cli.state import State
from prodiguer.errors import ProdiguerError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_on_signals() -> threading.Event:
    """An event that the first signal sets; a second one ends the process at once."""
    stop = threading.Event()
    asked = False

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(128 + number)
        asked = True
        # The thread that is interrupted may be the one that holds the event's lock, and would wait
        # for itself; and `threading.Thread` takes locks of its own.
        _thread.start_new_thread(stop.set, ())

    for number in SIGNALS:
        signal.signal(number, handle)
    return stop


def serve(
    state: State,
    session: Session,
    stop: threading.Event | None = None,
    started: Callable[[], None] | None = None,
    level: str = "info",
) -> None:
    """Run a session until a signal comes, then drain it and print what it did.

    Args:
        state: the global options.
        session: what to run.
        stop: ends it when set; that of the signals by default.
        started: called once everything listens and consumes.
        level: of the log on standard error.

    Raises:
        ProdiguerError: a part of it ended by itself.
    """
    # Somebody who looks on wants to see where it listens, not each request.
    telemetry.configure("warning" if state.quiet or sys.stderr.isatty() else level)
    stop = stop or stop_on_signals()
    _spare_collections()
    descriptors.take()
    began = False
    try:
        session.start()
        began = True
        for line in session.addresses():
            output.say(line, quiet=state.quiet)
        if started:
            started()
        failure = session.wait(stop)
    finally:
        session.stop()
        if began:
            report(state, session)
    if failure:
        raise ProdiguerError(failure)


def _spare_collections() -> None:
    """Look for cycles rarely: batches make and drop many values, and hardly ever a cycle."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def report(state: State, session: Session) -> None:
    """The statistics of a session."""
    if state.quiet:
        return
    figures = session.figures()
    output.say("")
    for name, values in figures.items():
        # The session tells all, zeros too; its parts what they did, and not how long they ran.
        whole = name == "session"
        told = {k: v for k, v in values.items() if whole or (v and k != "duration")}
        shown = ", ".join(f"{key} {output.clean(value)}" for key, value in told.items())
        output.say(f"{name}: {shown or 'nothing'}")
