"""Jobs that are over their time: each is told once, also across restarts."""

from __future__ import annotations

from prodiguer import Context

#: Jobs told in one transaction; what is left is told at the next tick.
MOST = 5_000


def tell_late(context: Context) -> None:
    """Raise an event for each job that is late by now and was not told, and one for its run."""
    overdue = context.runs.overdue(context.now, MOST)
    if not overdue:
        return
    context.runs.note_late(overdue)
    for (run, job), _ in overdue:
        context.events.add("job", job, simulation_uid=run)
    for run in sorted({run for (run, _), _ in overdue}):
        context.events.add("simulation", run, simulation_uid=run)
