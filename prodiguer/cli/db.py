"""`db`: the database: migrations, rebuild, backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from prodiguer import storage
from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.rebuilding import rebuild as rebuild_platform
from prodiguer.cli import output
from prodiguer.cli.state import Group, State, pass_state


@click.group(cls=Group)
def db() -> None:
    """Look after the database."""


@contextmanager
def _platform(state: State) -> Iterator[Platform]:
    platform = Platform(state.load())
    try:
        yield platform
    finally:
        platform.close()


@db.command()
@pass_state
def upgrade(state: State) -> None:
    """Bring the schema to this version; does nothing where it is there already."""
    with _platform(state) as platform:
        revision = storage.upgrade(platform.database_url)
    output.say(f"the schema is at revision {revision}", quiet=state.quiet)


@db.command()
@pass_state
def rebuild(state: State) -> None:
    """Drop all state and fold the archive again.

    Refuses while consumers run or while the archive's queue is not empty. Renumbers no event and
    notifies nobody.
    """
    with _platform(state) as platform:
        count = rebuild_platform(platform)
    output.say(f"{count} messages folded", quiet=state.quiet)


@db.command()
@click.argument("target", type=click.Path(dir_okay=False))
@pass_state
def backup(state: State, target: str) -> None:
    """Copy the database to TARGET while the platform goes on."""
    with _platform(state) as platform:
        storage.backup(platform.database_url, Path(target))
    output.say(f"copied to {target}", quiet=state.quiet)


COMMANDS = (db,)
