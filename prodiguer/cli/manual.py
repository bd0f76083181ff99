"""The page of the manual that lists every command, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from prodiguer.cli.state import GLOBAL_OPTIONS

HEAD = """# Commands

Made from the commands themselves: `scripts/docs` writes this page.

Exit codes: 0 done, 1 failed, 2 bad usage, 3 a service cannot be reached, 4 not allowed,
5 not found. Every command also takes, before or after its name:

"""


def commands_page(cli: click.Group) -> str:
    """Markdown: a section a command, with its arguments and options."""
    context = click.Context(cli, info_name="prodiguer")
    shared = [p for p in cli.params if p.name in GLOBAL_OPTIONS]
    return HEAD + _options(shared) + "".join(_sections(cli, context))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _sections(command, inner)
        else:
            yield _section(command, inner)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    own = [p for p in command.params if p.name not in GLOBAL_OPTIONS]
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    table = _options(own)
    return f"\n## `{context.command_path}`\n\n    {usage}\n\n{text}\n" + (
        f"\n{table}" if table else ""
    )


def _options(parameters: Sequence[click.Parameter]) -> str:
    """Written by hand, since the library's own words change with its versions."""
    options = [p for p in parameters if isinstance(p, click.Option)]
    return "".join(f"- `{_names(option)}`: {_text(option)}\n" for option in options)


def _names(option: click.Option) -> str:
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {'|'.join(map(str, option.type.choices))}"
    return f"{names} {option.metavar or option.type.name.split()[0].upper()}"


def _text(option: click.Option) -> str:
    default = option.default
    if not option.show_default or default is None:
        return option.help or ""
    shown = ", ".join(map(str, default)) if isinstance(default, tuple) else default
    return f"{option.help} Default: {shown}."
