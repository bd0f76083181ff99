"""Where messages wait on this machine until the platform can be reached.

A batch is one file of JSON lines, ``*.jsonl``, which is there whole or not at all. Batches are sent
in the order in which they came. A hidden file belongs to one process, which its name tells
(`owners`): ``.open@…`` is being written, ``.sending@…`` is being sent. When its owner is gone
anybody may take it over; so nothing is lost with a process, and nothing needs a lock.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from prodiguer.client import owners
from prodiguer.client.channels import Channel, Refusal

SUFFIX = ".jsonl"
#: Messages in one mail or request: a batch that grew for days is sent in parts.
WINDOW = 5_000


class Spool:
    """The spool in a directory, which is made when it is first needed.

    Args:
        directory: on a local disk or a parallel file system; several writers may share it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @staticmethod
    def place(environ: dict[str, str] | os._Environ[str]) -> Path:
        """``$PRODIGUER_SPOOL``, else below the user's state directory."""
        if environ.get("PRODIGUER_SPOOL"):
            return Path(environ["PRODIGUER_SPOOL"])
        state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
        return Path(state) / "prodiguer" / "spool"

    def keep(self, messages: Sequence[bytes]) -> Path:
        """Return when the batch would survive a crash of this machine.

        Raises:
            OSError: the disk is full or the directory cannot be written.
        """
        self._make()
        temporary = self._directory / f".{_name()}"
        with temporary.open("xb") as stream:
            stream.writelines(message + b"\n" for message in messages)
            stream.flush()
            os.fsync(stream.fileno())
        return self._publish(temporary)

    def open(self) -> Path:
        """The path of a batch that this process alone will append lines to, until `seal`.

        Raises:
            OSError: the directory cannot be made.
        """
        self._make()
        return self._directory / owners.mine("open", uuid.uuid4().hex[:8])

    def seal(self, opened: Path) -> Path:
        """Make a batch of what was appended.

        Raises:
            OSError: there is none, or the directory cannot be written.
        """
        with opened.open("rb") as stream:
            os.fsync(stream.fileno())
        return self._publish(opened)

    def batches(self) -> list[Path]:
        """What waits, the oldest first; foreign files and links are passed over."""
        if not self._directory.is_dir():
            return []
        found = (p for p in self._directory.iterdir() if p.suffix == SUFFIX)
        return sorted(
            p for p in found if not p.name.startswith(".") and p.is_file() and not p.is_symlink()
        )

    def adopt(self) -> None:
        """Make batches of what processes that are gone were writing or sending."""
        if not self._directory.is_dir():
            return
        for path in self._directory.glob(".*@*"):
            kind, name = owners.abandoned(path)
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                if kind == "open":
                    path.rename(self._directory / (_name(path.stat().st_mtime_ns) + SUFFIX))
                elif kind == "sending":
                    path.rename(self._directory / name)

    def flush(self, channel: Channel) -> tuple[int, list[tuple[Path, str]]]:
        """Send what waits; return how many messages went and which batches were refused.

        A refused batch is set aside as ``*.refused``, so that it does not block those behind it.
        Other processes may flush the same spool at the same time: each batch is sent by one.

        Raises:
            SendError: the platform cannot be reached; what is left stays in the spool.
        """
        self.adopt()
        sent, refused = 0, []
        for batch in self.batches():
            claimed = batch.with_name(owners.mine("sending", batch.name))
            try:
                batch.rename(claimed)
                os.utime(claimed)  # it has been ours only since now
            except FileNotFoundError:
                continue  # another process sends it
            try:
                sent += _send(claimed, channel)
                claimed.unlink(missing_ok=True)
            except Refusal as refusal:
                refused.append((claimed.rename(batch.with_suffix(".refused")), str(refusal)))
            finally:
                if claimed.exists():
                    claimed.rename(batch)
        return sent, refused

    def _make(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _publish(self, written: Path) -> Path:
        final = self._directory / (_name() + SUFFIX)
        written.rename(final)
        descriptor = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return final


def _name(nanoseconds: int | None = None) -> str:
    """A name that sorts by time."""
    return f"{nanoseconds or time.time_ns():020d}-{uuid.uuid4().hex}"


def _send(batch: Path, channel: Channel) -> int:
    messages = lines(batch.read_bytes())
    for start in range(0, len(messages), WINDOW):
        channel.send(messages[start : start + WINDOW])
    return len(messages)


def lines(content: bytes) -> list[bytes]:
    """The messages of a batch.

    What stands behind the last line feed is the torn end of a message whose writer was killed, or
    whose disk was full: nobody was told that it is kept. Text that is not UTF-8 is taken for
    Latin-1, as old scripts write it.
    """
    whole, _, _ = content.rpartition(b"\n")
    return [_utf8(line) for line in whole.split(b"\n") if line.strip()]


def _utf8(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1").encode("utf-8")
    return line
