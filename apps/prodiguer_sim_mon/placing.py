"""Tries: who is first, second and active among the runs of one identity, as runs come and go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from prodiguer import Context
from prodiguer.domain import tries
from prodiguer.domain.identity import identity
from prodiguer.domain.simulation import Placing, SimulationFacts, Try

Runs = Mapping[str, SimulationFacts]


def place(before: Runs, after: Runs, context: Context) -> Collection[str]:
    """Number the tries of every identity that a batch has touched.

    Args:
        before: the facts of the batch's runs as they were; new runs are missing.
        after: as they are, saved already.
        context: of the batch.

    Returns:
        The runs whose place has changed, those of earlier batches too.
    """
    touched = {uid: facts for uid, facts in after.items() if _moves(before.get(uid), facts)}
    if not touched:
        return ()
    was = {uid: _try(before[uid]) for uid in touched if uid in before}
    families = {family for family, _ in (*map(_try, touched.values()), *was.values())} - {None}
    placings = list(_alone(before, touched))
    members = context.runs.tries(sorted(filter(None, families))) if families else {}
    for family, now in members.items():
        placings += _changes(family, now, touched, was)
    context.runs.save_placings(placings)
    return {placing.uid for placing in placings}


def _moves(before: SimulationFacts | None, after: SimulationFacts) -> bool:
    """Its identity, its 0000 or its deletion are not what they were."""
    return before is None or (before.words, before.announced, before.deleted_at) != (
        after.words,
        after.announced,
        after.deleted_at,
    )


def _try(facts: SimulationFacts) -> tuple[str | None, Try | None]:
    """Its identity, and it as one try of it; nothing without a 0000."""
    if facts.announced is None:
        return None, None
    return identity(facts.words), Try(facts.uid, facts.announced, facts.deleted_at)


def _alone(before: Runs, touched: Runs) -> Iterable[Placing]:
    for uid, facts in touched.items():
        deleted = facts.deleted_at is not None
        if facts.announced is None and (deleted or uid not in before):
            yield tries.alone(uid, deleted=deleted)


def _changes(
    family: str,
    now: Sequence[Try],
    touched: Runs,
    was: Mapping[str, tuple[str | None, Try | None]],
) -> Iterable[Placing]:
    """The places of a family's members that differ from those before this batch."""
    then = [member for member in now if member.uid not in touched]
    then += [member for of, member in was.values() if of == family and member is not None]
    old = {placing.uid: placing for placing in tries.place(then)}
    return [placing for placing in tries.place(now) if placing != old.get(placing.uid)]
