"""Which message a handler is at, noted where a death of the process leaves it.

A message that kills its process (a fault in a C library, memory that runs out) leaves nobody to
tell. After a death its batch comes again; it is then done with care, one message at a time, and
each is named in a file while its handler is at it. A process that finds a name there counts a
death for it: a second one by name is proof, and the message is a dead letter from then on.

The note is two small writes to the page cache: it survives the process, not the machine, and
that is enough, since a machine that lost its power was not killed by a message. It spans the
handler alone, not the waiting for locks and disks around it, so that a process that is killed
from outside, again and again, hardly ever puts the blame on one message twice.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prodiguer.ports.transport import Delivery

#: Deaths by name that make a message a killer.
PROOF = 2

_NAMESPACE = uuid.UUID("0f4bb8a0-6a3f-5c5b-8f0e-5b9d6a1b7c11")
_NOBODY = b" " * 36


class AtWork:
    """The note of one app.

    Args:
        file: where it is kept; None keeps none, and no killer is ever found.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._deaths: dict[str, int] = {}
        self._file: int | None = None
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
            self._learn()

    @contextmanager
    def on(self, delivery: Delivery) -> Iterator[None]:
        """Name the message while its handler is at it."""
        self._name(_mark(delivery).encode("ascii"))
        try:
            yield
        finally:
            self._name(_NOBODY)

    def is_killer(self, delivery: Delivery) -> bool:
        """Processes died of it, often enough to be no accident."""
        return self._deaths.get(_mark(delivery), 0) >= PROOF

    def forget(self, delivery: Delivery) -> None:
        """It is done, or a dead letter."""
        if self._deaths.pop(_mark(delivery), None) is not None:
            self._keep()

    def close(self) -> None:
        """Keep the counts for the next process."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _learn(self) -> None:
        """Read what the last process left: a name, then the counts."""
        content = os.pread(self._file, 1 << 20, 0) if self._file is not None else b""
        with suppress(ValueError):  # a torn note blames nobody
            known = json.loads(content[len(_NOBODY) :] or b"{}")
            self._deaths = {str(mark): int(count) for mark, count in known.items()}
        name = content[: len(_NOBODY)].decode("ascii", "replace").strip()
        if name:
            self._deaths[name] = self._deaths.get(name, 0) + 1
        self._keep()

    def _keep(self) -> None:
        if self._file is None:
            return
        counts = json.dumps(self._deaths).encode("ascii")
        os.pwrite(self._file, counts, len(_NOBODY))
        os.ftruncate(self._file, len(_NOBODY) + len(counts))
        self._name(_NOBODY)

    def _name(self, mark: bytes) -> None:
        if self._file is not None:
            os.pwrite(self._file, mark, 0)


def _mark(delivery: Delivery) -> str:
    """Of what is delivered, decodable or not."""
    name = delivery.properties.message_id or delivery.body.hex()
    return str(uuid.uuid5(_NAMESPACE, name.encode("utf-8", "backslashreplace").decode()))
