"""Job scripts in real shells, with the hook as a centre installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from prodiguer.client.hooks import install
from support.needs import missing

SHELLS = ("ksh93", "mksh", "bash", "dash")


def shell(name: str) -> str:
    """The path of a shell; the test is skipped where it is missing."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed")
    return found


class Site:
    """A computing centre: its hooks, its spool, and jobs that run there."""

    def __init__(self, place: Path, name: str) -> None:
        self._shell = shell(name)
        self.hooks = place / "the site's hooks"
        self.spool = place / "a spool"
        install(self.hooks)

    def job(
        self, script: str, environ: Mapping[str, str] | None = None, *arguments: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a job script that has sourced the hook under ``set -eu``."""
        return subprocess.run(
            [
                self._shell,
                "-c",
                f'set -eu; . "{self.hooks}/prodiguer.ksh"\n{script}',
                "job",
                *arguments,
            ],
            capture_output=True,
            env=self.environ(environ or {}),
            timeout=60,
            check=False,
        )

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if "PRODIGUER" not in name}
        return {**kept, "PRODIGUER_PYTHON": sys.executable, **more}

    def waiting(self) -> list[Path]:
        """Every file of the spool, those that are being written or sent too."""
        return sorted(self.spool.iterdir()) if self.spool.is_dir() else []


def silent(job: subprocess.CompletedProcess[bytes], said: bytes = b"") -> bool:
    """Whether the hook neither failed nor spoke; ``said`` is what the job itself printed."""
    return (job.returncode, job.stdout, job.stderr) == (0, said, b"")
