"""Which message a handler is at, noted where a death of the process leaves it.

A message that kills its process (a fault in a C library, memory that runs out) leaves nobody to
tell. After a death its batch comes again; it is then done with care, one message at a time, and
each is named in a file while its handler is at it. A process that finds a name there counts a
death for it and suspects the message: it may be the cause, or it was only there when somebody
killed the process. So it is tried in a process of its own before a handler gets it here again.
Only what kills that one too, every time, while this process lives, is a dead letter.

The note is two small writes to the page cache: it survives the process, not the machine, and
that is enough, since a machine that lost its power was not killed by a message. It spans the
handler alone, not the waiting for locks and disks around it, so that few are suspected.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prodiguer.ports.transport import Delivery

#: Trials that must all be deaths to make a killer of a suspect: one might be an accident.
TRIALS = 2
#: Deaths by name that are proof without a trial: some die only of what this process is besides,
#: such as the memory that it takes. So many accidents do not happen to one message.
HOPELESS = 5

_NAMESPACE = uuid.UUID("0f4bb8a0-6a3f-5c5b-8f0e-5b9d6a1b7c11")
_NOBODY = b" " * 36


class AtWork:
    """The note of one app.

    Args:
        file: where it is kept; None keeps none, and no killer is ever found.
        trial: lets a message have its handler where no harm is done; whether that was a death.
    """

    def __init__(
        self, file: Path | None = None, trial: Callable[[Delivery], bool] = lambda _: False
    ) -> None:
        self._trial = trial
        self._deaths: dict[str, int] = {}
        #: Of each suspect that was judged in this process, whether it is a killer.
        self._verdicts: dict[str, bool] = {}
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
        """Processes died of it, and it was no accident; a suspect is tried once a process.

        Call it with no transaction open: a trial wants to write.
        """
        mark = _mark(delivery)
        deaths = self._deaths.get(mark, 0)
        if not deaths:
            return False
        if mark not in self._verdicts:
            proved = deaths >= HOPELESS or all(self._trial(delivery) for _ in range(TRIALS))
            self._verdicts[mark] = proved
        return self._verdicts[mark]

    def forget(self, delivery: Delivery) -> None:
        """It is done, or a dead letter."""
        mark = _mark(delivery)
        if self._deaths.pop(mark, None) is not None:
            self._verdicts.pop(mark, None)
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
