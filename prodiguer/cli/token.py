"""`token`: who may do what over HTTP."""

from __future__ import annotations

from datetime import timedelta

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.cli import output
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.errors import NotFound
from prodiguer.ports.tokens import SCOPES, Tokens
from prodiguer.web.auth import new_token

COLUMNS = ("id", "name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")


@click.group(cls=Group)
def token() -> None:
    """Create, list and revoke API tokens."""


@token.command()
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=("read",),
              show_default=True, help="What it may do; can be given several times.")  # fmt: skip
@click.option("--days", type=click.IntRange(1), help="It expires after so many days.")
@pass_state
def create(state: State, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token and print it: it is shown this once."""
    with Platform(state.load()) as platform:
        now = platform.clock.now()
        expires = now + timedelta(days=days) if days else None
        text, made, digest = new_token(name, tuple(dict.fromkeys(scopes)), now, expires)
        tokens: Tokens = platform.store.tokens
        tokens.create(made, digest)
    if state.json:
        output.json_line({"id": made.id, "token": text})
    else:
        output.text(text)
    output.say(
        f"it may {' and '.join(made.scopes)}; from now on the API asks everybody for a token"
        " ($PRODIGUER_TOKEN)",
        quiet=state.quiet,
    )


@token.command("list")
@pass_state
def list_(state: State) -> None:
    """List tokens; their texts are not kept."""
    with Platform(state.load()) as platform:
        rows = [
            {name: output.plain(getattr(item, name)) for name in COLUMNS}
            for item in platform.store.tokens.list()
        ]
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, COLUMNS)


@token.command()
@click.argument("id")
@pass_state
def revoke(state: State, id: str) -> None:
    """Make a token worthless from now on."""
    with Platform(state.load()) as platform:
        if not platform.store.tokens.revoke(id, platform.clock.now()):
            raise NotFound(f"there is no token {id}: `prodiguer token list` shows them")
    output.say(f"{id} revoked", quiet=state.quiet)


COMMANDS = (token,)
