"""Things that happen to the runs of the story, and the position after each."""

from __future__ import annotations

import prodiguer_archive
import prodiguer_sim_mon
from prodiguer.domain.message import Message
from prodiguer.storage.store import SqlStore
from support.monitoring import say
from support.web_platform import JOB, RUN, Platform, tell, uid


def head(store: SqlStore) -> int:
    """The number of the newest event."""
    with store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT max(number) FROM events").scalar_one())


def hear(platform: Platform, *messages: Message) -> int:
    """Let sim-mon handle messages; the position after them."""
    tell(platform.store, prodiguer_sim_mon.app, list(messages))
    return head(platform.store)


def keep(platform: Platform, *messages: Message) -> int:
    """Let the archive store messages; the position after them."""
    tell(platform.store, prodiguer_archive.app, list(messages))
    return head(platform.store)


def news(number: int, run: str = RUN, job: str = JOB) -> Message:
    """A message of a run that changes it."""
    return say("1900", 100 + number, run=run, job=job, uid=uid(f"news {number} {run}"), command="x")


def long_news(number: int, size: int) -> Message:
    """A message that is large in the archive."""
    return say(
        "1900", 100 + number, run=RUN, job=JOB, uid=uid(f"long {number}"), command="x" * size
    )
