"""A service takes as many descriptors as it may have."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
import resource
from prodiguer.cli import descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
descriptors.take()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "then"),
    [(256, 1_000, "1000 1000"), (256, 20_000, "16384 20000"), (17_000, 20_000, "17000 20000")],
)
def test_the_soft_limit_is_raised_and_never_lowered(soft: int, hard: int, then: str) -> None:
    asked = [sys.executable, "-c", ASK.format(soft=soft, hard=hard)]

    given = subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    assert given.strip() == then
