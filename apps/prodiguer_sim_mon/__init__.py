"""Simulation monitoring: keeps the state of every run and job, as docs/messages.md defines it."""

from __future__ import annotations

from collections.abc import Sequence

from prodiguer import App, Context, Message
from prodiguer.domain.lifecycle import TYPES
from prodiguer_sim_mon.folding import fold
from prodiguer_sim_mon.lateness import tell_late

app = App("sim-mon", projection=True)


@app.on_batch(*TYPES)
def keep(messages: Sequence[Message], context: Context) -> None:
    """Join what a batch says to what is known."""
    fold(messages, context)


@app.every(2.0)  # a late job is told within 5 seconds, the time of telling included
def watch(context: Context) -> None:
    """Tell which jobs have become late."""
    tell_late(context)
