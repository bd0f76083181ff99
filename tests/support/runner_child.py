"""An app in a process of its own, that may be killed: ``runner_child.py DATA APP``.

It ends with 0 when its queue is empty and nothing waits in its outbox, or when it gets SIGTERM.
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
from prodiguer.ports.clock import SystemClock
from prodiguer.runner import Runner
from prodiguer.storage.store import open_store
from prodiguer.transport import connect
from prodiguer.wire.catalog import Catalog

DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


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


deadly = App("deadly")


@deadly.on_batch(JobFailed)
def die(messages: Sequence[Message], context: Context) -> None:
    for message in messages:
        if message.get("command") == "abort":
            os.abort()
        count(message, context)


slow = App("slow")


@slow.on(JobFailed)
def dawdle(message: JobFailed, context: Context) -> None:
    time.sleep(0.002)
    count(message, context)


APPS = {app.name: app for app in (counting, deadly, slow)}


def main(app: App) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(closing(open_store(data=DATA)))
        transport = stack.enter_context(closing(connect("embedded:", data=DATA)))
        runner = Runner(
            app, transport, store, Catalog(), SystemClock(), {}, "prod", note=DATA / "at-work"
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
    main(APPS[sys.argv[2]])
