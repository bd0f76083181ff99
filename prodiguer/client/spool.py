"""Where messages wait on this machine until the platform can be reached.

A batch is one file of JSON lines, written beside its place, synced and renamed, so that a batch
is there whole or not at all. Batches are sent in the order in which they came.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from prodiguer.client.channels import Channel, Refusal

SUFFIX = ".jsonl"


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
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
        temporary = self._directory / f".{name}"
        with temporary.open("xb") as stream:
            stream.writelines(message + b"\n" for message in messages)
            stream.flush()
            os.fsync(stream.fileno())
        final = self._directory / (name + SUFFIX)
        temporary.rename(final)
        self._sync_directory()
        return final

    def batches(self) -> list[Path]:
        """What waits, the oldest first; foreign files and links are passed over."""
        if not self._directory.is_dir():
            return []
        found = (p for p in self._directory.iterdir() if p.suffix == SUFFIX)
        return sorted(p for p in found if p.is_file() and not p.is_symlink())

    def flush(self, channel: Channel) -> tuple[int, list[tuple[Path, str]]]:
        """Send what waits; return how many messages went and which batches were refused.

        A refused batch is set aside as ``*.refused``, so that it does not block those behind it.

        Raises:
            SendError: the platform cannot be reached; what is left stays in the spool.
        """
        sent, refused = 0, []
        for batch in self.batches():
            messages = batch.read_bytes().splitlines()
            try:
                channel.send(messages)
            except Refusal as refusal:
                refused.append((batch.rename(batch.with_suffix(".refused")), str(refusal)))
                continue
            batch.unlink()
            sent += len(messages)
        return sent, refused

    def _sync_directory(self) -> None:
        descriptor = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
