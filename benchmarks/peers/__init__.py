"""Other people's programs, measured beside ours: installed when first needed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parent / ".peers"


def run(program: str, *arguments: str) -> str:
    """Run a peer's program under the peers' interpreter; what it printed."""
    return subprocess.run(
        [str(_python()), str(HERE / program), *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _python() -> Path:
    python, stamp = PLACE / "bin" / "python", PLACE / "installed"
    wanted = (HERE / "requirements.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("installing the peers …", file=sys.stderr)
        venv.create(PLACE, with_pip=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        subprocess.run([str(python), *install, str(HERE / "requirements.txt")], check=True)
        stamp.write_text(wanted)
    return python
