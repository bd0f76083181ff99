"""`queues`: what waits where."""

from __future__ import annotations

from prodiguer.cli import output
from prodiguer.cli.api import Api
from prodiguer.cli.state import State, command, pass_state

COLUMNS = ("name", "ready", "unacked", "consumers", "oldest_age")


@command()
@pass_state
def queues(state: State) -> None:
    """Show every queue: depth, consumers, the age of its oldest message in seconds."""
    stats = Api(state.api).get("/api/v1/stats")
    if state.json:
        output.json_line(stats)
        return
    output.table(stats["queues"], COLUMNS)
    output.say(f"spool: {stats['spool']} not yet published", quiet=state.quiet)


COMMANDS = (queues,)
