"""An app in a process of its own, that may be killed: ``runner_child.py DATA APP``.

It ends with 0 when its queue is empty and nothing waits in its outbox, or when it gets SIGTERM.
``runner_child.py DATA APP trial`` is the child that it tries a suspect with.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from prodiguer import App, Context, Draft, Effect, JobFailed, Message
from prodiguer.bootstrap import trial
from prodiguer.bootstrap.trial import TrialApart
from prodiguer.config import load
from prodiguer.ports.clock import SystemClock
from prodiguer.runner import Runner
from prodiguer.storage.store import open_store
from prodiguer.transport import connect
from prodiguer.wire.catalog import Catalog

DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
TRIAL = sys.argv[3:] == ["trial"]


def count(message: Message, context: Context) -> None:
    """How often each message had its effect: more than once is seen."""
    context.values.put(message.uid, (context.values.get(message.uid) or 0) + 1)


counting = App("counting")


@counting.on(JobFailed)
def answer(message: JobFailed, context: Context) -> Iterator[Draft]:
    count(message, context)
    context.effect(message.uid, {"uid": message.uid})
    yield Draft(code="8100", body={}, key=message.uid, simulation_uid=message.simulation_uid)


@counting.effect
def note(effect: Effect, settings: Mapping[str, Any]) -> None:
    with (DATA / "effects").open("a") as file:
        file.write(effect.key + "\n")


WAYS_TO_DIE = {
    "abort": os.abort,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
    # As one does that only the memory of a whole platform kills.
    "unless tried": lambda: None if TRIAL else os.abort(),
}

deadly = App("deadly")


@deadly.on_batch(JobFailed)
def die(messages: Sequence[Message], context: Context) -> None:
    for message in messages:
        WAYS_TO_DIE.get(message.get("command"), lambda: None)()
        count(message, context)


slow = App("slow")


@slow.on(JobFailed)
def dawdle(message: JobFailed, context: Context) -> None:
    time.sleep(0.002)
    count(message, context)


held = App("held")


@held.on(JobFailed)
def stay(message: JobFailed, context: Context) -> None:
    """Stay with one message as long as a file says so; another file has the pid."""
    count(message, context)
    name = "trial" if TRIAL else "handler"
    if message.get("command") == "stay" and (DATA / f"hold-{name}").exists():
        (DATA / f"{name}.new").write_text(str(os.getpid()))
        (DATA / f"{name}.new").rename(DATA / f"at-{name}")
        time.sleep(120)


APPS = {app.name: app for app in (counting, deadly, slow, held)}


def tried(app: App) -> TrialApart:
    command = [sys.executable, __file__, str(DATA), app.name, "trial"]
    return TrialApart(load(data=str(DATA)), app.name, command, int(os.environ.get("LIMIT", "60")))


def main(app: App) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(closing(open_store(data=DATA)))
        transport = stack.enter_context(closing(connect("embedded:", data=DATA)))
        runner = Runner(
            app,
            transport,
            store,
            Catalog(),
            SystemClock(),
            {},
            "prod",
            note=DATA / "at-work",
            trial=tried(app),
        )

        def watch() -> None:
            while not stop.wait(0.05):
                if not waiting(transport.status(), app.name):
                    stop.set()

        watcher = threading.Thread(target=watch)
        watcher.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        try:
            runner.run(stop)
        finally:
            stop.set()
            watcher.join()


def waiting(queues: Sequence[Any], app: str) -> bool:
    """Whether anything is left to do."""
    if any(q.ready + q.unacked for q in queues if q.name == f"prod.{app}"):
        return True
    with closing(sqlite3.connect(DATA / "prodiguer.db")) as database:
        left = database.execute("select count(*) from outbox where done_at is null").fetchone()
    return bool(left[0])


if __name__ == "__main__":
    if TRIAL:
        trial.main(APPS)
    main(APPS[sys.argv[2]])
