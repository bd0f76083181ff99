"""Says what a run does, from inside the run: it can neither stop nor slow the model.

    emitter = Emitter(simuid=…, jobuid=…)
    emitter.emit("1001", CumulPeriod=1, PeriodDateBegin="18500101", PeriodDateEnd="18500131")
    emitter.flush()

A message is appended to a file of the spool at once, and so outlives this process; `flush` has a
process of its own send what waits. Where the environment names no platform (`settings`) nothing is
done at all. Nothing here raises, prints, or waits for the network unless it is asked to.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prodiguer.client import settings
from prodiguer.client.channels import Refusal, SendError
from prodiguer.client.spool import Spool
from prodiguer.client.version import version as own_version

PRODUCER = "prodiguer"
#: Seconds that a process may take to start.
STARTING = 10.0

log = logging.getLogger(__name__)
log.addHandler(logging.NullHandler())  # a model that configures no logging hears nothing


class Emitter:
    """Messages of one job.

    Args:
        simuid: of the run; goes into every message that names no other.
        jobuid: of the job, likewise.
        producer: the program that speaks.
        version: of that program; the client's own by default.
        environ: where the way to the platform is told; that of this process by default.
    """

    def __init__(
        self,
        simuid: str = "",
        jobuid: str = "",
        *,
        producer: str = PRODUCER,
        version: str = "",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._own = {"simuid": simuid, "jobuid": jobuid}
        self._signed = {"msgProducer": producer, "msgProducerVersion": version or own_version()}
        self._environ = dict(os.environ if environ is None else environ)
        self._speaks = settings.configured(self._environ)
        self._lock = threading.Lock()
        self._opened: Path | None = None
        self._pid = 0
        #: How many messages could not be written anywhere.
        self.dropped = 0

    def emit(self, code: str, /, **fields: Any) -> str:
        """Write a message down; its id.

        Args:
            code: of the message, such as ``1001``.
            fields: those of the catalog, or any others; None is left out. ``msgUID`` and
                ``msgTimestamp`` are made here unless they are given.
        """
        said = {
            "msgCode": code,
            "msgUID": str(uuid.uuid4()),
            "msgTimestamp": timestamp(time.time_ns()),
            **self._signed,
            **{name: value for name, value in self._own.items() if value},
            **{name: value for name, value in fields.items() if value is not None},
        }
        if self._speaks:
            try:
                self._append(json.dumps(said, ensure_ascii=False, default=str))
            except Exception as error:  # noqa: BLE001 - the model goes on, whatever it is
                self.dropped += 1
                log.warning("message %s was not kept: %s", code, error)
        return str(said["msgUID"])

    def flush(self, *, wait: bool = False) -> bool:
        """Have everything sent that waits in the spool.

        Args:
            wait: send it here and now, instead of by a process of its own.

        Returns:
            With ``wait``, whether all of it was taken; else whether a process could be started.
        """
        if not self._speaks:
            return True
        try:
            self._seal()
            if not settings.reaches(self._environ):
                return True  # somebody else flushes this spool
            return self._send() if wait else self._start()
        except Exception as error:  # noqa: BLE001 - the model goes on, whatever it is
            log.warning("nothing was sent: %s", error)
            return False

    def _append(self, line: str) -> None:
        with self._lock:
            if self._opened is None or self._pid != os.getpid():
                self._opened, self._pid = self._spool().open(), os.getpid()
            try:
                with self._opened.open("ab", buffering=0) as stream:
                    content = line.encode("utf-8", "replace") + b"\n"
                    if stream.write(content) != len(content):
                        raise OSError("the disk is full")
            except OSError:
                self._opened = None  # a torn end must be the end of its file
                raise

    def _seal(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None and self._pid == os.getpid():
                self._spool().seal(opened)

    def _send(self) -> bool:
        channel = settings.channel(self._environ)
        try:
            return not self._spool().flush(channel)[1]
        except (SendError, Refusal) as error:
            log.warning("%s; it stays in the spool", error)
            return False

    def _start(self) -> bool:
        home = str(Path(__file__).parents[2])
        quiet = subprocess.DEVNULL
        # The child of a child: the model never meets it when it waits for its own.
        started = subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-m", "prodiguer.client", "flush"],
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            # Nor does it import what lies in the directory where the model runs.
            env={**os.environ, **self._environ, "PYTHONPATH": home, "PYTHONSAFEPATH": "1"},
            start_new_session=True,
            timeout=STARTING,
            check=False,
        )
        return started.returncode == 0

    def _spool(self) -> Spool:
        return Spool(Spool.place(self._environ))


def timestamp(nanoseconds: int) -> str:
    """Nanoseconds since the epoch as messages tell a time."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:09d}Z"
