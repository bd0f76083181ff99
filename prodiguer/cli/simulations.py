"""`simulations`, `simulation`, `jobs`: the state of runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from prodiguer.cli import output
from prodiguer.cli.api import LONG_LIST, Api, path_part
from prodiguer.cli.state import State, command, pass_state
from prodiguer.ports.queries import JOB_KINDS, JOB_STATES, STATES

COLUMNS = ("uid", "name", "state", "progress", "try", "machine", "login", "started_at",
           "model", "experiment", "ended_at")  # fmt: skip
CSV_COLUMNS = ("uid", "name", "state", "progress", "try", "tries", "active", "centre", "machine",
               "login", "model", "experiment", "space", "accounting_project", "output_start",
               "output_end", "started_at", "ended_at", "last_message_at")  # fmt: skip
JOB_COLUMNS = ("uid", "kind", "state", "started_at", "ended_at", "late_at", "failed_commands",
               "scheduler_id", "simulation_uid")  # fmt: skip

_WORDS = ("machine", "centre", "login", "experiment", "model", "space", "accounting-project")


def run_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each word of a run that one can filter by."""
    for word in reversed(_WORDS):
        function = click.option(f"--{word}", help=f"Only runs of this {word}.")(function)
    return function


def _filters(function: Callable[..., Any]) -> Callable[..., Any]:
    options: list[Callable[..., Any]] = [
        click.option("--state", "state_", type=click.Choice(STATES), help="Only runs in it."),
        run_words,
        click.option("--since", help="Heard of since then: RFC 3339 or 1W 2W 1M 2M 3M 6M 12M *."),
        click.option("-q", "q", metavar="TEXT", help="In the name; * stands for anything."),
        click.option("--all-tries", is_flag=True, help="Obsolete tries too."),
        click.option("--sort", help="A field, with - before it for the greatest first."),
        click.option("--limit", type=click.IntRange(1), default=50, show_default=True,
                     help="At most so many."),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@command()
@_filters
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for spreadsheets.")
@pass_state
def simulations(
    state: State, limit: int, all_tries: bool, as_csv: bool, state_: str | None, **filters: Any
) -> None:
    """List runs, the last started first."""
    parameters = {**filters, "state": state_, "tries": "all" if all_tries else None}
    rows = Api(state.api).items("/api/v1/simulations", parameters, limit)
    if state.json:
        output.json_line(list(rows))
    elif as_csv:
        output.comma_separated(rows, CSV_COLUMNS)
    else:
        output.table(rows, COLUMNS)


@command()
@click.argument("uid")
@pass_state
def simulation(state: State, uid: str) -> None:
    """Show one run: its fields, its jobs and its config card."""
    api = Api(state.api)
    run = api.get(f"/api/v1/simulations/{path_part(uid)}")
    if state.json:
        output.json_line(run)
        return
    jobs = list(api.items(f"/api/v1/simulations/{path_part(uid)}/jobs", {}, LONG_LIST))
    card = run.pop("config_card", None)
    counts, tries = run.pop("jobs"), run.pop("all_tries", [])
    output.fields(run)
    for kind, by_state in counts.items():
        shown = ", ".join(f"{n} {name}" for name, n in by_state.items() if n)
        output.fields({f"{kind} jobs": shown or "none"})
    if len(tries) > 1:
        output.heading("tries")
        output.table(tries, ("number", "uid", "state", "active", "started_at"))
    output.heading("jobs")
    output.table(jobs, JOB_COLUMNS)
    if card:
        output.heading("config card")
        output.text(card)


@command()
@click.option("--simulation", help="Only jobs of this run.")
@click.option("--state", "state_", type=click.Choice(JOB_STATES), help="Only jobs in this state.")
@click.option("--kind", type=click.Choice(JOB_KINDS), help="Only jobs of this kind.")
@click.option("--since", help="Heard of since then: RFC 3339 or 1W 2W 1M 2M 3M 6M 12M *.")
@click.option("--sort", help="A field, with - before it for the greatest first.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most.")
@pass_state
def jobs(state: State, limit: int, state_: str | None, **filters: Any) -> None:
    """List jobs, the last started first."""
    rows = Api(state.api).items("/api/v1/jobs", {**filters, "state": state_}, limit)
    if state.json:
        output.json_line(list(rows))
    else:
        output.table(rows, JOB_COLUMNS)


COMMANDS = (simulations, simulation, jobs)
