"""`up`: the whole platform in one process."""

from __future__ import annotations

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.session import Session
from prodiguer.cli.addresses import listening
from prodiguer.cli.processes import serve
from prodiguer.cli.state import State, command, pass_state


@command()
@click.option("--smtp", metavar="HOST:PORT", help="Where to take mails [127.0.0.1:2525].")
@click.option("--web", metavar="HOST:PORT", help="Where to serve HTTP [127.0.0.1:8080].")
@click.option("--without", multiple=True, metavar="APP", help="Leave this app to another process.")
@pass_state
def up(state: State, smtp: str | None, web: str | None, without: tuple[str, ...]) -> None:
    """Run everything: SMTP, HTTP and every installed app, with the embedded broker and database.

    Ctrl-C drains, then prints what was done.
    """
    loaded = listening(state.load(), smtp=smtp, web=web)
    with Platform(loaded) as platform:
        left_out = {app.name for app in platform.named(without)}
        apps = [app for name, app in platform.apps.items() if name not in left_out]
        serve(state, Session(platform, apps, smtp=True, web=True))


COMMANDS = (up,)
