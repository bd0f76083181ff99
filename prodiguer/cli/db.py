"""`db`: the database: migrations, rebuild, backup."""

from __future__ import annotations

from pathlib import Path

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.rebuilding import rebuild_platform
from prodiguer.cli import output
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.storage import migrate
from prodiguer.storage.backup import backup as copy_database
from prodiguer.storage.revision import HEAD


@click.group(cls=Group)
def db() -> None:
    """Look after the database."""


@db.command()
@pass_state
def upgrade(state: State) -> None:
    """Bring the schema to this version; does nothing where it is there already."""
    with Platform(state.load()) as platform:
        before, after = migrate.current(platform.database_url, data=platform.data), HEAD
        migrate.upgrade(platform.database_url, data=platform.data)
    known = "was there already" if before == after else f"was {before or 'none'}"
    output.say(f"the schema is at revision {after} ({known})", quiet=state.quiet)


@db.command()
@pass_state
def rebuild(state: State) -> None:
    """Drop all state and fold the archive again.

    Refuses while consumers run or while the archive's queue is not empty. Renumbers no event and
    notifies nobody.
    """
    with Platform(state.load()) as platform, output.progress("folding", state.quiet) as bar:
        bar.expect(platform.queries.counts()["messages"])
        count = rebuild_platform(platform, bar.advance)
    output.say(f"{count} messages folded", quiet=state.quiet)


@db.command()
@click.argument("target", type=click.Path(dir_okay=False))
@pass_state
def backup(state: State, target: str) -> None:
    """Copy the database to TARGET while the platform goes on."""
    with Platform(state.load()) as platform:
        copy_database(platform.database_url, Path(target), data=platform.data)
    output.say(f"copied to {target}", quiet=state.quiet)


COMMANDS = (db,)
