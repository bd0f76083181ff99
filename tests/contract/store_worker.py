"""A process that uses a database, to be killed or to be in the way.

``store_worker.py URL admit FIRST COUNT SIZE``: admits and archives messages in batches, and says
``done FIRST`` after each commit. ``store_worker.py URL hold SECONDS``: holds the lock of writers.
"""

from __future__ import annotations

import sys
import time

from store_kit import message

from prodiguer.ports.store import Store
from prodiguer.storage.store import open_store


def admit(store: Store, first: int, count: int, size: int) -> None:
    for start in range(first, first + count, size):
        with store.unit("archive") as unit:
            unit.archive.add(unit.admit([message(n) for n in range(start, start + size)]).fresh)
            unit.values.put(f"batch {start}", start)
        say(f"done {start}")


def hold(store: Store, seconds: float) -> None:
    with store.unit("other") as unit:
        unit.values.put("held", True)
        say("holding")
        time.sleep(seconds)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    url, command, *arguments = sys.argv[1:]
    store = open_store(url)
    if command == "admit":
        admit(store, *map(int, arguments))
    else:
        hold(store, float(arguments[0]))
    store.close()


if __name__ == "__main__":
    main()
