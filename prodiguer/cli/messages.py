"""`messages`: the archive."""

from __future__ import annotations

from typing import Any

import click

from prodiguer.cli import output
from prodiguer.cli.api import Api, path_part
from prodiguer.cli.state import State, command, pass_state

COLUMNS = ("uid", "code", "name", "timestamp", "simulation_uid", "job_uid", "producer", "door")


@command()
@click.argument("uid", required=False)
@click.option("--code", help="As received or as routed.")
@click.option("--simulation", help="Only messages of this run.")
@click.option("--job", help="Only messages of this job.")
@click.option("--producer", help="Only messages of this producer.")
@click.option("--mail", help="Only messages that this mail carried.")
@click.option("--since", help="RFC 3339 or 1W 2W 1M 2M 3M 6M 12M *.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most.")
@pass_state
def messages(state: State, uid: str | None, limit: int, **filters: Any) -> None:
    """List messages, the newest first; with a UID show that one, with its body."""
    api = Api(state.api)
    if uid:
        message = api.get(f"/api/v1/messages/{path_part(uid)}")
        output.json_line(message) if state.json else output.fields(message)
        return
    rows = api.items("/api/v1/messages", filters, limit)
    if state.json:
        output.json_line(list(rows))
    else:
        output.table(rows, COLUMNS)


COMMANDS = (messages,)
