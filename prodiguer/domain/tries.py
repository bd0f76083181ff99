"""Which of the runs of one identity is the one that counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prodiguer.domain.simulation import Placing, Try


def place(tries: Iterable[Try]) -> Sequence[Placing]:
    """Number all tries of one identity, from 1 by (time of the 0000, uid).

    Deleted ones keep their number. A deletion at D hides its own run for ever, and every try that
    started at or before D. The last one that is visible is active.
    """
    ordered = sorted(tries, key=lambda t: (t.announced.time, t.uid))
    deletions = [t.deleted_at for t in ordered if t.deleted_at is not None]
    until = max(deletions, default=None)
    hidden = [
        t.deleted_at is not None or (until is not None and t.announced.time <= until)
        for t in ordered
    ]
    active = max((i for i, gone in enumerate(hidden) if not gone), default=None)
    return [
        Placing(t.uid, i + 1, len(ordered), i == active, gone)
        for i, (t, gone) in enumerate(zip(ordered, hidden, strict=True))
    ]


def alone(uid: str, *, deleted: bool) -> Placing:
    """The place of a run without a 0000: it has no identity, so it is try 1 of 1."""
    return Placing(uid, 1, 1, not deleted, deleted)
