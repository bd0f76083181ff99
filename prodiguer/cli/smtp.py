"""`smtp`: the door for mails as a process of its own."""

from __future__ import annotations

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.session import Session
from prodiguer.cli.processes import serve
from prodiguer.cli.state import State, command, pass_state


@command()
@pass_state
def smtp(state: State) -> None:
    """Take mails and publish what they carry."""
    with Platform(state.load()) as platform:
        serve(state, Session(platform, [], smtp=True))


COMMANDS = (smtp,)
