"""How many files and connections the process may have open at once."""

from __future__ import annotations

import resource

#: Both doors full, with the files of every app, take some two thousand.
WANTED = 16_384


def take() -> None:
    """Raise the soft limit, which is 1024 in most places, as far as the hard one allows.

    A door out of descriptors cannot even say that it is busy.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
