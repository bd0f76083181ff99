"""`spool`: what waits on this machine for the platform to be reachable again."""

from __future__ import annotations

import os

import click

from prodiguer.cli import output
from prodiguer.cli.channels import REMEDY, channel
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.client.channels import Denied, SendError
from prodiguer.client.spool import Spool
from prodiguer.errors import NotAllowed, ProdiguerError, Unavailable


@click.group(cls=Group)
def spool() -> None:
    """List or send what `prodiguer send` could not deliver."""


@spool.command("list")
@pass_state
def list_(state: State) -> None:
    """List the batches that wait, the oldest first."""
    rows = [
        {"batch": str(batch), "messages": len(batch.read_bytes().splitlines())}
        for batch in Spool(Spool.place(os.environ)).batches()
    ]
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, ("batch", "messages"))


@spool.command()
@pass_state
def flush(state: State) -> None:
    """Send what waits, in the order in which it came."""
    try:
        sent, refused = Spool(Spool.place(os.environ)).flush(channel(state))
    except Denied as denied:
        raise NotAllowed(f"{denied} ({REMEDY}); the rest stays in the spool") from None
    except SendError as error:
        raise Unavailable(f"{error}; the rest stays in the spool") from None
    output.say(f"{sent} messages sent", quiet=state.quiet)
    if refused:
        kept = "; ".join(f"{path}: {reason}" for path, reason in refused)
        raise ProdiguerError(f"{len(refused)} batches were refused and are kept: {kept}")


COMMANDS = (spool,)
