"""The page of the manual that lists every command, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

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
    return HEAD + _options(shared, context) + "\n".join(_sections(cli, context))


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
    table = _options(own, context)
    return f"\n## `{context.command_path}`\n\n    {usage}\n\n{text}\n" + (
        f"\n{table}" if table else ""
    )


def _options(parameters: list[click.Parameter], context: click.Context) -> str:
    rows = [record for p in parameters if (record := p.get_help_record(context))]
    return "".join(f"- `{names}`: {text}\n" for names, text in rows)
