"""The hooks are in the package as it is installed, not only in the sources."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.mark.slow
def test_an_installed_package_installs_the_hooks(fresh_environment: Path, tmp_path: Path) -> None:
    command = fresh_environment / "bin" / "prodiguer"
    subprocess.run([command, "hooks", "install", tmp_path], check=True, cwd=tmp_path)

    script = f". {tmp_path}/prodiguer.ksh && prodiguer_emit 1900 command=x"
    spool = tmp_path / "spool"
    subprocess.run(["sh", "-c", script], check=True, env={"PRODIGUER_SPOOL": str(spool)})
    assert len(list(spool.iterdir())) == 1
