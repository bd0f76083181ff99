"""A pytest plugin that takes one control away, so that the test which guards it is seen to fail.

    REMOVED=duplicate_keys PYTHONPATH=tests python -m pytest -p support.removed tests/bad_inputs/…

Without `REMOVED` it changes nothing. ``python -m support.removed`` is the command `prodiguer`
without the control: the commands that a test starts lack it as well.
"""

from __future__ import annotations

import os
import sys

import live
from support.controls import CONTROLS

VARIABLE = "REMOVED"


def remove() -> None:
    """Take the control away that the environment names, if it names one."""
    name = os.environ.get(VARIABLE, "")
    if name:
        CONTROLS[name]()
        live.COMMAND[:] = [sys.executable, "-m", "support.removed"]


def pytest_configure() -> None:
    remove()


if __name__ == "__main__":
    from prodiguer.cli.main import main

    remove()
    main()
