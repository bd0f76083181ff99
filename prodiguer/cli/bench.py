"""`bench`: the benchmarks, each with its limit and its peer in the same run."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

import prodiguer
from prodiguer.cli import output
from prodiguer.cli.state import State, command, pass_state
from prodiguer.errors import ProdiguerError

NAMES = ("embedded", "latency", "fanout")


@command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True,
              help="How often each is measured; the medians are shown.")  # fmt: skip
@click.option("--messages", "count", type=click.IntRange(500),
              help="Messages or deliveries of one run; its own number by default.")  # fmt: skip
@click.option("--quick", is_flag=True, help="As little as shows that it works: no figure.")
@pass_state
def bench(state: State, name: str, runs: int, count: int | None, quick: bool) -> None:
    """Run a benchmark from a source checkout."""
    root = Path(prodiguer.__file__).parents[1]
    if not (root / "benchmarks").is_dir():
        raise ProdiguerError("the benchmarks come with the source checkout, not with the package")
    sys.path.insert(0, str(root))
    benchmark = importlib.import_module(f"benchmarks.{name}")
    figures: dict[str, Any] = benchmark.run(1 if quick else runs, count, quick=quick)
    if state.json:
        output.json_line(figures)
        return
    shown = {
        name: f"{figures['value']:,.0f} {figures['unit']}",
        "limit (bare loop)": f"{figures['limit']:,.0f}",
        "ratio to the limit": f"{figures['ratio']:.2f}",
        **{f"peer {peer}": f"{value:,.2f}" for peer, value in figures["peers"].items()},
        **{about: f"{value:,.2f}" for about, value in figures.get("more", {}).items()},
        "calibration (json/s)": f"{figures['calibration']:,.0f}",
        "lost, doubled": f"{figures['lost']}, {figures['doubled']}",
    }
    output.fields(shown)


COMMANDS = (bench,)
