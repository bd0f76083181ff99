"""Doors in a process of their own, that may be killed: ``DATA door|pump|both LIMIT``.

It says ``ready PORT``; the pump alone ends with 0 when the inbox is empty.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.ingest import opened, working


def main(data: Path, parts: str, limit: int) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with ExitStack() as stack:
        works = stack.enter_context(working(data))
        port = 0
        if parts in {"pump", "both"}:
            stack.enter_context(works.pumping())
        if parts in {"door", "both"}:
            settings = {"max_size": limit} if limit else {}
            port = stack.enter_context(opened(works.inbox, **settings)).address[1]
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()
        while not stop.wait(0.02):
            if parts == "pump" and works.inbox.count() == 0:
                stop.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
