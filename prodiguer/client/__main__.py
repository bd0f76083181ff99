"""`python -m prodiguer.client [flush]`: send what waits in the spool, and end.

Exit codes: 0 done or nothing to do, 1 a batch was refused, 2 bad usage, 3 the platform cannot be
reached. What is wrong is said on standard error. Everything has an end: after five minutes the
process is gone, and what it was sending is the next one's.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from prodiguer.client import settings
from prodiguer.client.channels import Channel, SendError
from prodiguer.client.spool import Spool

BUDGET = 300
#: Seconds before each try.
WAITS = (0.0, 0.5, 2.0)


def main(arguments: list[str]) -> int:
    """Run the command line; its exit code."""
    if arguments not in ([], ["flush"]):
        return _complain("usage: python -m prodiguer.client [flush]", 2)
    signal.alarm(BUDGET)
    try:
        channel = settings.channel(os.environ)
        return _flush(Spool(Spool.place(os.environ)), channel)
    except (OSError, ValueError) as error:
        return _complain(str(error), 2)


def _flush(spool: Spool, channel: Channel) -> int:
    complaint = ""
    for wait in WAITS:
        time.sleep(wait)
        try:
            _, refused = spool.flush(channel)
        except SendError as error:
            complaint = f"{error}; the rest stays in the spool"
        else:
            reasons = "; ".join(f"{path}: {reason}" for path, reason in refused)
            return _complain(f"refused: {reasons}", 1) if refused else 0
    return _complain(complaint, 3)


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"prodiguer.client: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
