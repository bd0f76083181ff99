"""The directory in which raw mails are durable before their sender hears yes.

The discipline is that of a maildir: a mail is written in ``tmp/`` while it arrives, synced,
renamed into ``new/``, and the directory is synced; the pump reads ``new/`` in the order of
arrival and removes what it has dealt with. What cannot be read is put aside into ``bad/``.
"""

from __future__ import annotations

import errno
import itertools
import logging
import os
import re
import stat
import threading
import time
from pathlib import Path

from prodiguer import faults
from prodiguer.errors import ProdiguerError, Unavailable
from prodiguer.filesystem import sync_directory
from prodiguer.ingest.inbox.form import Arrival, Torn
from prodiguer.ingest.inbox.incoming import Incoming, discard_leftovers
from prodiguer.ingest.inbox.waiting import WaitingMail, open_mail

log = logging.getLogger(__name__)

#: Bytes that are left free on the disk for the others who write to it.
FLOOR = 64 * 1024 * 1024

_NAME = re.compile(r"\d{20}-\d{10}-\d{8}\.mail")

_numbers = itertools.count(1)


class InboxFull(Unavailable):
    """There is no room for this mail now: free some disk space; the sender will try again."""


class InboxBroken(ProdiguerError):
    """The disk failed to make a mail durable: check it and start this process again."""


class Inbox:
    """Mails on their way from a door to the pump. Its methods may be called from any thread.

    Args:
        directory: made where it is missing, for its owner alone.
        floor: bytes that must stay free on its disk.
    """

    def __init__(self, directory: Path, *, floor: int = FLOOR) -> None:
        self.directory = directory
        self._floor = floor
        self._tmp, self._new, self._bad = (directory / name for name in ("tmp", "new", "bad"))
        self._broken = threading.Event()
        self._news = threading.Event()
        self._lock = threading.Lock()
        for place in (directory, self._tmp, self._new, self._bad):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def broken(self) -> bool:
        """A sync has failed: nothing more is taken in until this process is started again."""
        return self._broken.is_set()

    def recover(self) -> int:
        """Remove what dead processes left half written; how many files that were."""
        return discard_leftovers(self._tmp)

    def begin(self, arrival: Arrival) -> Incoming:
        """A place for a mail that begins to arrive; nothing shows it before `store`.

        Raises:
            InboxFull: there is no room, or the directory cannot be written to.
            InboxBroken: a sync has failed before.
        """
        if self.broken:
            raise InboxBroken
        self.check_room(arrival.announced or 0)
        name = f"{time.time_ns():020d}-{os.getpid():010d}-{next(_numbers):08d}.mail"
        try:
            return Incoming(self._tmp / name, arrival, self.check_room)
        except OSError as error:
            raise InboxFull(f"the inbox takes no mail: {error.strerror}") from error

    def check_room(self, size: int) -> None:
        """Return when ``size`` bytes more leave the floor free.

        Raises:
            InboxFull: they do not.
        """
        disk = os.statvfs(self.directory)
        if disk.f_bavail * disk.f_frsize < self._floor + size:
            raise InboxFull(f"less than {self._floor + size} bytes are free for the inbox")

    def store(self, incoming: Incoming) -> str:
        """Make a mail durable: when this returns, its name, its sender may be told yes.

        Raises:
            InboxFull: it could not be written; nothing of it stays.
            InboxBroken: a sync failed: this inbox takes nothing more.
        """
        if self.broken:
            incoming.discard()
            raise InboxBroken
        self._finish(incoming)
        try:
            incoming.sync()
            faults.point("inbox.synced")
            os.rename(incoming.path, self._new / incoming.path.name)  # noqa: PTH104 - as plain as fsync
            faults.point("inbox.renamed")
            sync_directory(self._new)
        except OSError as error:
            # The kernel may have dropped the dirty pages: a second fsync would lie (fail-stop).
            self._broken.set()
            log.critical(
                "the inbox cannot make mails durable: %s",
                error.strerror,
                extra={"action": "inbox_broken", "file": incoming.path.name},
            )
            incoming.discard()
            raise InboxBroken from error
        self.wake()
        return incoming.path.name

    def wait(self, seconds: float) -> None:
        """Return when a mail was stored by this process since the last call, or after a while."""
        self._news.wait(seconds)
        self._news.clear()

    def wake(self) -> None:
        """End a `wait`."""
        self._news.set()

    def _finish(self, incoming: Incoming) -> None:
        try:
            incoming.finish()
            faults.point("inbox.written")
        except OSError as error:
            incoming.discard()
            raise InboxFull(f"the mail cannot be written: {error.strerror}") from error

    def pending(self) -> list[str]:
        """Names of the mails that wait, in the order of their arrival.

        Whatever else lies in ``new/`` is put aside.
        """
        names = []
        for entry in os.scandir(self._new):
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                names.append(entry.name)
            elif not entry.name.startswith(".nfs"):
                self.put_aside(entry.name, "it is no mail of this inbox")
        return sorted(names)

    def count(self) -> int:
        """How many mails wait."""
        return sum(_NAME.fullmatch(name) is not None for name in os.listdir(self._new))  # noqa: PTH208 - names alone

    def size(self, name: str) -> int:
        """Bytes of a waiting mail's file; 0 where it is gone."""
        try:
            found = os.lstat(self._new / name)
        except FileNotFoundError:
            return 0
        return found.st_size if stat.S_ISREG(found.st_mode) else 0

    def read(self, name: str) -> WaitingMail:
        """Open a waiting mail; close it after use.

        Raises:
            Torn: it is no whole mail: put it aside.
        """
        try:
            return open_mail(self._new / name)
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE, errno.ENOMEM}:
                raise Unavailable(f"a mail cannot be opened now: {error.strerror}") from error
            raise Torn(f"it cannot be opened: {error.strerror}") from error

    def remove(self, name: str) -> None:
        """Forget a mail that is dealt with."""
        (self._new / name).unlink(missing_ok=True)

    def put_aside(self, name: str, why: str) -> None:
        """Move something out of the way into ``bad/``, whatever it is; links are never followed."""
        with self._lock:
            target = self._bad / f"{time.time_ns():020d}-{name}"[:255]
            try:
                os.rename(self._new / name, target)  # noqa: PTH104 - never follows a link
            except FileNotFoundError:
                return
        log.warning(
            "put aside in the inbox: %s",
            why,
            extra={"action": "inbox_put_aside", "file": name, "target": str(target)},
        )
