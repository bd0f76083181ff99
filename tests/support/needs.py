"""What a test needs of the machine: a skip at home, a failure where every test has to run."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: Set by continuous integration, which installs all of it: a proof that was skipped is none.
EVERY_TEST = os.environ.get("EVERY_TEST") == "1"


def missing(what: str) -> NoReturn:
    """The machine lacks something that can be installed."""
    if EVERY_TEST:
        pytest.fail(f"{what}, and no test may be skipped here", pytrace=False)
    pytest.skip(what)
