"""`watch`: live events, one a line, over any number of connections."""

from __future__ import annotations

import sys
from typing import Any

import click

from prodiguer.cli import output
from prodiguer.cli.event_lines import EventLines
from prodiguer.cli.live import Live
from prodiguer.cli.simulations import run_words
from prodiguer.cli.state import State, command, pass_state
from prodiguer.ports.live import EVENT_TYPES
from prodiguer.ports.queries import STATES


@command()
@click.option("--simulation", metavar="UID", help="Only events of this run.")
@click.option("--type", "types", type=click.Choice(EVENT_TYPES), multiple=True,
              help="Only events of this type; can be given several times.")  # fmt: skip
@click.option("--state", "state_", type=click.Choice(STATES), help="Only of runs in it.")
@run_words
@click.option("-q", "q", metavar="TEXT", help="In the name of the run; * stands for anything.")
@click.option("--since", metavar="SEQ", type=click.IntRange(0),
              help="Begin after this number of an event (in --json it is `seq`).")  # fmt: skip
@pass_state
def watch(
    state: State, types: tuple[str, ...], state_: str | None, since: int | None, **filters: Any
) -> None:
    """Print live events as they come, one a line, until Ctrl-C.

    A connection that is lost is taken up again where it ended: no event is missed and none is
    printed twice. Times are in UTC. With --json each line is an event as the server sends it.
    """
    parameters = {
        **filters,
        "type": ",".join(types) or None,
        "state": state_,
        "coalesce": "no",
    }
    notices = _Notices(state)
    live = Live(state.api, parameters, since=since, lost=notices.lost, connected=notices.connected)
    lines = EventLines()
    try:
        for event in live.frames():
            if state.json:
                output.json_line(event, one=True)
            else:
                print(lines.line(event))  # noqa: T201 - a command prints
            sys.stdout.flush()
    except KeyboardInterrupt:
        return


class _Notices:
    """What is said beside the events, on standard error."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._began = False

    def connected(self, position: int) -> None:
        begin = f"watching {self._state.api} after event {position}; Ctrl-C ends it"
        output.say("connected again" if self._began else begin, quiet=self._state.quiet)
        self._began = True

    def lost(self, _reason: str) -> None:
        output.say("connection lost, trying again", quiet=self._state.quiet)


COMMANDS = (watch,)
