"""The options that every command takes, before it or after it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from prodiguer.config import Loaded, load

DEFAULT_URL = "http://127.0.0.1:8080"
GLOBAL_OPTIONS = ("config", "data", "url", "json", "quiet")


@dataclass
class State:
    """What the global options said, in whichever place."""

    config: str | None = None
    data: str | None = None
    url: str | None = None
    json: bool = False
    quiet: bool = False

    def load(self) -> Loaded:
        """The configuration that these options lead to."""
        return load(self.config, data=self.data)

    @property
    def api(self) -> str:
        """The address of the API."""
        return (self.url or os.environ.get("PRODIGUER_URL") or DEFAULT_URL).rstrip("/")


def state_of(context: click.Context) -> State:
    """The state that a command line shares."""
    root = context.find_root()
    if not isinstance(root.obj, State):
        root.obj = State()
    return root.obj


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    if value not in (None, False) and parameter.name:
        setattr(state_of(context), parameter.name, value)
    return value


def _options() -> list[click.Option]:
    def option(*names: str, help: str, **more: Any) -> click.Option:
        return click.Option(names, help=help, expose_value=False, callback=_remember, **more)

    return [
        option("--config", metavar="FILE", help="The TOML file with the settings."),
        option("--data", metavar="DIR", help="The directory of the embedded platform."),
        option("--url", metavar="URL", help=f"The API that queries go to [{DEFAULT_URL}]."),
        option("--json", is_flag=True, help="Machine output: the API's objects."),
        option("--quiet", is_flag=True, help="Print nothing but what was asked for."),
    ]


class Command(click.Command):
    """A command that also takes the global options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_options())

    def get_short_help_str(self, limit: int = 1000) -> str:
        """The first sentence, whole: the list of commands wraps it."""
        return super().get_short_help_str(max(limit, 1000))


class Group(click.Group):
    """A group whose commands also take the global options."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_options())


def command(*args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Like `click.command`, with the global options."""
    return click.command(*args, cls=Command, **kwargs)


def pass_state(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give the state as the first argument."""

    @click.pass_context
    def wrapper(context: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        return context.invoke(function, state_of(context), *args, **kwargs)

    return functools.update_wrapper(wrapper, function)
