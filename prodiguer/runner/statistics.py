"""What a runner has done since it started: printed at its end, shown by the metrics page."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Statistics:
    """Counts of one runner. Only its own thread and that of its side effects write here."""

    #: Deliveries taken from the queue, with those that came again.
    received: int = 0
    #: Bytes of their bodies.
    bytes: int = 0
    #: Messages that a handler took, committed.
    handled: int = 0
    #: Seen before, absorbed.
    duplicates: int = 0
    #: No handler of the app takes their type.
    ignored: int = 0
    #: A handler said that they mean nothing to it.
    dropped: int = 0
    #: Dead letters that were not known before.
    dead_letters: int = 0
    #: Messages that a handler put off.
    retries: int = 0
    #: Exceptions that nobody expected: of handlers, of ticks, of the machinery.
    errors: int = 0
    #: Transactions that were committed.
    batches: int = 0
    #: Attempts within a batch that were made to find the message that breaks it.
    rounds: int = 0
    #: Messages said by the app.
    published: int = 0
    #: Side effects carried out, and those that failed and were put off.
    effects: int = 0
    failed_effects: int = 0
    #: Seconds in which the broker or the database was away.
    paused: float = 0.0
    #: Seconds from start to end, or to now.
    duration: float = 0.0

    def as_dict(self) -> dict[str, float]:
        """For printing."""
        return asdict(self)
