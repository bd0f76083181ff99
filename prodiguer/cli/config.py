"""`config`: every setting, its value and where it came from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import click

from prodiguer.cli import output
from prodiguer.cli.state import Group, State, pass_state
from prodiguer.config import Loaded

#: Parts of an option's name that mark a value not to be shown.
_SECRETS = ("password", "token", "secret")


@click.group(cls=Group)
def config() -> None:
    """Look at the configuration."""


@config.command()
@pass_state
def show(state: State) -> None:
    """Show every setting with its value and where it came from."""
    rows = list(_rows(state.load()))
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, ("setting", "value", "source"))


def _rows(loaded: Loaded) -> Iterator[Mapping[str, Any]]:
    for name, value in _options(loaded.settings, ""):
        source = loaded.sources.get(name, "default")
        yield {"setting": name, "value": _shown(name, value), "source": source}


def _options(section: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in dataclasses.fields(section):
        value = getattr(section, entry.name)
        if dataclasses.is_dataclass(value):
            yield from _options(value, f"{prefix}{entry.name}.")
        elif isinstance(value, Mapping):
            for app, options in value.items():
                yield from ((f"apps.{app}.{key}", option) for key, option in options.items())
        else:
            yield f"{prefix}{entry.name}", value


def _shown(name: str, value: Any) -> Any:
    option = name.rpartition(".")[2]
    if any(word in option for word in _SECRETS) and not option.endswith(("_file", "tokens")):
        return "***"
    if isinstance(value, str) and "://" in value and "@" in value:
        # A URL may hold a password between its user and its host.
        scheme, _, rest = value.partition("://")
        account, _, host = rest.rpartition("@")
        return f"{scheme}://{account.partition(':')[0]}@{host}"
    return ", ".join(value) if isinstance(value, tuple) else value


COMMANDS = (config,)
