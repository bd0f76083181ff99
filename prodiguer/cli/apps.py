"""`apps`: what is installed, and how it stands."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from prodiguer.bootstrap.platform import Platform
from prodiguer.cli import output
from prodiguer.cli.state import State, command, pass_state
from prodiguer.runner import queue_of

COLUMNS = ("name", "package", "queue", "depth", "consumers", "filters")


@command()
@pass_state
def apps(state: State) -> None:
    """List installed apps: package, filters, queue, depth, consumers."""
    with Platform(state.load()) as platform:
        status = {queue.name: queue for queue in platform.transport.status()}
        packages = {
            entry.name: entry.dist.name if entry.dist else "?"
            for entry in entry_points(group="prodiguer.apps")
        }
        rows: list[dict[str, Any]] = []
        for name, app in sorted(platform.apps.items()):
            queue = queue_of(app, platform.settings.mode)
            known = status.get(queue.name)
            rows.append(
                {
                    "name": name,
                    "package": packages.get(name, "?"),
                    "queue": queue.name,
                    "depth": known.ready + known.unacked if known else None,
                    "consumers": known.consumers if known else None,
                    "filters": [binding.pattern for binding in queue.bindings],
                }
            )
    if state.json:
        output.json_line(rows)
    else:
        output.table([{**row, "filters": " ".join(row["filters"])} for row in rows], COLUMNS)


COMMANDS = (apps,)
