"""Runs tests in forks of one process that has loaded the platform already.

Loading takes longer than most tests. Standard input is a JSON array of ``[control, [node, …]]``;
the answer is one of ``[exit code, output]``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence

import pytest

from support import ingest, removed, web_fixtures

#: Only for what they load: the doors, the broker, the database, the apps.
LOADED = (ingest, web_fixtures)
#: Plugins of others are left out; the time limit stays.
OPTIONS = ("-p", "pytest_timeout", "-x", "-rf", "--tb=no")


def outcome(control: str, nodes: Sequence[str]) -> tuple[int, str]:
    """Run tests until the first that fails, without a control; the exit code and what was said."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), sys.stdout.fileno())
            os.dup2(said.fileno(), sys.stderr.fileno())
            os.environ[removed.VARIABLE] = control
            removed.remove()
            code = pytest.main([*OPTIONS, *nodes])
            sys.stdout.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode()


if __name__ == "__main__":
    answers = [outcome(control, nodes) for control, nodes in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(answers))
