"""`run`: some apps as a process of their own."""

from __future__ import annotations

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.session import Session
from prodiguer.cli.processes import serve
from prodiguer.cli.state import State, command, pass_state
from prodiguer.runner import LARGEST


@command()
@click.argument("apps", nargs=-1, required=True, metavar="APP…")
@click.option("--batch", type=click.IntRange(1, LARGEST), default=LARGEST, show_default=True,
              help="At most so many messages in one transaction.")  # fmt: skip
@pass_state
def run(state: State, apps: tuple[str, ...], batch: int) -> None:
    """Run the named consumer apps against the configured broker and database."""
    with Platform(state.load()) as platform:
        serve(state, Session(platform, platform.named(apps), batch=batch))


COMMANDS = (run,)
