"""`hooks`: what job scripts at a computing centre source."""

from __future__ import annotations

from pathlib import Path

import click

from prodiguer import __version__
from prodiguer.cli import output
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.client.hooks import AlreadyThere
from prodiguer.client.hooks import install as install_hooks
from prodiguer.errors import ProdiguerError


@click.group(cls=Group)
def hooks() -> None:
    """Copy the hooks that job scripts source."""


@hooks.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace another version that is there.")
@pass_state
def install(state: State, directory: Path, force: bool) -> None:
    """Copy prodiguer.ksh, and the program that sends for it, into DIR.

    DIR is made if need be; the files need nothing else of this package, so that they can be made
    on one machine and used on another, at the same path (else set PRODIGUER_HOOKS to theirs).
    """
    try:
        written = install_hooks(directory, force=force)
    except AlreadyThere as error:
        raise ProdiguerError(str(error)) from None
    if state.json:
        output.json_line({"version": __version__, "written": [str(path) for path in written]})
        return
    for path in written:
        output.say(f"{path}: version {__version__}", quiet=state.quiet)
    if not written:
        output.say(f"version {__version__} is there already", quiet=state.quiet)


COMMANDS = (hooks,)
