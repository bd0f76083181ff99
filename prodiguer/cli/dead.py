"""`dead`: what could not be processed."""

from __future__ import annotations

import base64
import sys
from typing import Any

import click

from prodiguer.cli import output
from prodiguer.cli.api import Api, path_part
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.errors import NotFound, ProdiguerError, Refused

COLUMNS = ("id", "reason", "position", "at", "door", "code", "stage", "resent_at")
_BASE = "/api/v1/dead-letters"


@click.group(cls=Group)
def dead() -> None:
    """List, show, send again or drop dead letters."""


@dead.command("list")
@click.option("--reason", help="The word before the colon, such as not-base64.")
@click.option("--stage", help="door, decode, handle or route.")
@click.option("--door", help="smtp, http or amqp.")
@click.option("--mail", help="Only those of this mail.")
@click.option("--app", help="Only those of this app.")
@click.option("--since", help="RFC 3339 or 1W 2W 1M 2M 3M 6M 12M *.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most.")
@pass_state
def list_(state: State, limit: int, **filters: Any) -> None:
    """List dead letters, the newest first."""
    rows = Api(state.api).items(_BASE, filters, limit)
    if state.json:
        output.json_line(list(rows))
    else:
        output.table(rows, COLUMNS)


@dead.command()
@click.argument("id")
@pass_state
def show(state: State, id: str) -> None:
    """Show one dead letter, with its bytes."""
    letter = Api(state.api).get(f"{_BASE}/{path_part(id)}")
    if state.json:
        output.json_line(letter)
        return
    content, detail = base64.b64decode(letter.pop("bytes")), letter.pop("detail")
    output.fields(letter)
    if detail:
        output.heading("detail")
        output.text(detail)
    output.heading("bytes")
    output.text(content.decode("utf-8", "backslashreplace"))


@dead.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@pass_state
def resend(state: State, ids: tuple[str, ...]) -> None:
    """Send dead letters through their door again, after a fix."""
    api = Api(state.api)
    _each(state, ids, "sent again", lambda path: api.post(f"{path}/resend"))


@dead.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--yes", is_flag=True, help="Do not ask; a script is never asked.")
@pass_state
def drop(state: State, ids: tuple[str, ...], yes: bool) -> None:
    """Remove dead letters for good."""
    if not yes and sys.stdin.isatty():
        click.confirm(f"Remove {len(ids)} dead letters for good?", abort=True, err=True)
    api = Api(state.api)
    _each(state, ids, "dropped", api.delete)


def _each(state: State, ids: tuple[str, ...], done: str, act: Any) -> None:
    """Act on every one, then fail if some failed, so that one bad id holds up no other."""
    failures: list[ProdiguerError] = []
    for letter in ids:
        try:
            act(f"{_BASE}/{path_part(letter)}")
        except (NotFound, Refused) as error:
            output.say(f"{letter}: {error}")
            failures.append(error)
    output.say(f"{len(ids) - len(failures)} {done}", quiet=state.quiet)
    if failures:
        kind = NotFound if all(isinstance(f, NotFound) for f in failures) else ProdiguerError
        raise kind(f"{len(failures)} of {len(ids)} were not {done}")


COMMANDS = (dead,)
