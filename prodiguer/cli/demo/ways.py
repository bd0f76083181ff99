"""How the simulated centres speak: with the client and the hook that real ones use."""

from __future__ import annotations

import base64
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from prodiguer.cli.demo.places import HOOK, HTTP, MAIL
from prodiguer.client.emit import Emitter
from prodiguer.client.hooks import install

PRODUCER, VERSION = "libigcm", "2.8.5"
SENDER, RECIPIENT = "jobs@centre.example", "prodiguer@platform.example"
SHELLS = ("ksh93", "ksh", "mksh", "bash", "sh")
#: Seconds that a job script may take before it is given up.
PATIENCE = 120.0
#: Which function of the hook says a code, and the fields that it takes by their place.
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "0000": ("prodiguer_simulation_start", ()),
    "0100": ("prodiguer_simulation_end", ()),
    "1000": ("prodiguer_job_start", ()),
    "1001": ("prodiguer_period", ("CumulPeriod", "PeriodDateBegin", "PeriodDateEnd")),
    "1100": ("prodiguer_job_end", ()),
    "1900": ("prodiguer_failed", ("command",)),
    "1999": ("prodiguer_fatal", ()),
    "2000": ("prodiguer_post_start", ("postProcessingName",)),
    "2100": ("prodiguer_post_end", ()),
    "2999": ("prodiguer_post_fatal", ()),
    "7000": (
        "prodiguer_transfer",
        ("actionName", "size_Mo", "duration_ms", "dirFrom", "dirTo"),
    ),
}
#: The hook computes it itself.
COMPUTED = "throughput_Mo_s"

Message = Mapping[str, Any]


class Way(Protocol):
    """How messages go from a centre to the platform."""

    def send(self, messages: Sequence[Message]) -> bool:
        """Say and send them; whether all that was ever said is sent."""
        ...

    def flush(self) -> bool:
        """Send what still waits; whether all of it is sent."""
        ...


def ways(place: Path, smtp: tuple[str, int], url: str, *, wait: bool) -> Mapping[str, Way]:
    """Every way, by its name.

    Args:
        place: a directory for the centres' spools and hooks.
        smtp: where mails go to.
        url: of the platform.
        wait: job scripts wait until their messages are sent, as real ones never do.
    """
    host, port = smtp
    mailed = {
        "PRODIGUER_SMTP": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "PRODIGUER_MAIL_FROM": SENDER,
        "PRODIGUER_MAIL_TO": RECIPIENT,
    }
    return {
        MAIL: ClientWay(mailed, place / "spool-mail"),
        HTTP: ClientWay({"PRODIGUER_URL": url}, place / "spool-http"),
        HOOK: HookWay(mailed, place, wait=wait),
    }


class ClientWay:
    """The Python client, as a model's own driver would use it."""

    def __init__(self, environ: Mapping[str, str], spool: Path) -> None:
        self._emitter = Emitter(
            producer=PRODUCER, version=VERSION, environ={**environ, "PRODIGUER_SPOOL": str(spool)}
        )

    def send(self, messages: Sequence[Message]) -> bool:
        for message in messages:
            fields = {name: value for name, value in message.items() if name != "msgCode"}
            self._emitter.emit(message["msgCode"], **fields)
        return self.flush()

    def flush(self) -> bool:
        return self._emitter.flush(wait=True) and not self._emitter.dropped


class HookWay:
    """Job scripts that source prodiguer.ksh as a centre installs it, in a shell of their own."""

    def __init__(self, environ: Mapping[str, str], place: Path, *, wait: bool) -> None:
        self._hooks, self._spool = place / "hooks", place / "spool-hook"
        self._cards = place / "cards"
        self._cards.mkdir(parents=True, exist_ok=True)
        install(self._hooks, force=True)
        self._environ = {
            **{name: text for name, text in os.environ.items() if not _ours(name)},
            "PRODIGUER_SPOOL": str(self._spool),
            "PRODIGUER_PYTHON": sys.executable,
            "PRODIGUER_PRODUCER": PRODUCER,
            "PRODIGUER_PRODUCER_VERSION": VERSION,
        }
        self._way = "\n".join(f"{name}={shlex.quote(text)}" for name, text in environ.items())
        self._last = "prodiguer_flush wait" if wait else "prodiguer_flush"
        self._shells = [found for name in SHELLS if (found := shutil.which(name))]
        self._count = 0

    def send(self, messages: Sequence[Message]) -> bool:
        # The way is told after the messages, so that they leave together and not one by one.
        return self._run([*(self._line(message) for message in messages), self._way, self._last])

    def flush(self) -> bool:
        return self._run([self._way, "prodiguer_flush wait"]) and not self._waits()

    def _run(self, lines: Sequence[str]) -> bool:
        self._count += 1
        shell = self._shells[self._count % len(self._shells)]
        script = "\n".join(["set -eu", f". {shlex.quote(str(self._hooks))}/prodiguer.ksh", *lines])
        try:
            job = subprocess.run(  # noqa: S603 - a shell of this machine, a script made here
                [shell],
                input=script.encode(),
                env=self._environ,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            return False
        return (job.returncode, job.stdout, job.stderr) == (0, b"", b"")

    def _line(self, message: Message) -> str:
        """What a job script says for a message."""
        function, placed = WORDS.get(
            message["msgCode"], ("prodiguer_emit " + message["msgCode"], ())
        )
        words = [message[name] for name in placed]
        for name, value in message.items():
            if name == "configuration":
                words.append(f"card={self._card(message)}")
            elif name not in (*placed, "msgCode") and not (placed and name == COMPUTED):
                words.append(f"{name}={value}")
        return " ".join([function, *map(shlex.quote, words)])

    def _card(self, message: Message) -> Path:
        card = self._cards / str(message["simuid"])
        card.write_bytes(base64.b64decode(message["configuration"]))
        return card

    def _waits(self) -> bool:
        return self._spool.is_dir() and any(self._spool.iterdir())


def _ours(name: str) -> bool:
    return name.startswith("PRODIGUER_")
