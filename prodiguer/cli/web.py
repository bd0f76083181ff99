"""`web`: the HTTP API as a process of its own."""

from __future__ import annotations

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.session import Session
from prodiguer.cli.processes import serve
from prodiguer.cli.state import State, command, pass_state


@command()
@pass_state
def web(state: State) -> None:
    """Serve the HTTP API."""
    with Platform(state.load()) as platform:
        serve(state, Session(platform, [], web=True))


COMMANDS = (web,)
