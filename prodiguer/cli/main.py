"""`prodiguer`, the command: its commands, and what its exit codes mean."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from importlib.metadata import entry_points
from typing import Any

import click

from prodiguer import __version__
from prodiguer.cli import (
    apps,
    bench,
    config,
    db,
    dead,
    demo,
    doctor,
    hooks,
    messages,
    queues,
    run,
    send,
    simulations,
    smtp,
    spool,
    token,
    up,
    watch,
    web,
)
from prodiguer.cli.output import clean_lines
from prodiguer.cli.state import Group
from prodiguer.errors import (
    ConfigurationError,
    NotAllowed,
    NotFound,
    ProdiguerError,
    SchemaMismatch,
    Unavailable,
)

#: The first class that fits decides.
EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (SchemaMismatch, 1),
    (ConfigurationError, 2),
    (Unavailable, 3),
    (NotAllowed, 4),
    (NotFound, 5),
    (ProdiguerError, 1),
)


class _Commands(Group):
    """The commands; click itself would call it a failure that the reader went away."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _hang_up()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="prodiguer")
def cli() -> None:
    """Supervise simulations on supercomputers.

    Exit codes: 0 done, 1 failed, 2 bad usage, 3 a service cannot be reached, 4 not allowed,
    5 not found.
    """


for _module in (
    up,
    demo,
    run,
    smtp,
    web,
    apps,
    send,
    spool,
    hooks,
    simulations,
    messages,
    watch,
    dead,
    queues,
    db,
    token,
    config,
    doctor,
    bench,
):
    for _command in _module.COMMANDS:
        cli.add_command(_command)


def _plugins() -> None:
    for entry in entry_points(group="prodiguer.commands"):
        cli.add_command(entry.load(), entry.name)


def main() -> None:
    """Run the command line of this process and exit."""
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """Run a command line and say its exit code; no traceback reaches a user."""
    try:
        _plugins()
        result = cli.main(arguments, prog_name="prodiguer", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        with contextlib.suppress(OSError):  # of a full standard error only the exit code is left
            error.show()
        return 2 if isinstance(error, click.UsageError) else 1
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", 128 + signal.SIGINT)
    except BrokenPipeError:
        return _hang_up()
    except ProdiguerError as error:
        code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
        return _complain(str(error), code)
    except UnicodeError as error:
        return _complain(f"an argument is not valid text: {error}", 2)
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror or error}", 1)
    except Exception as error:
        if os.environ.get("PRODIGUER_DEBUG"):
            raise
        return _complain(
            f"internal error: {type(error).__name__}: {error};"
            " set PRODIGUER_DEBUG=1 to see where, and report it",
            1,
        )
    return result if isinstance(result, int) else 0


def _hang_up() -> int:
    """The reader went away (`| head`): nothing more can be said to it, at exit neither."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _complain(text: str, code: int) -> int:
    try:
        print(f"prodiguer: {clean_lines(text)}", file=sys.stderr)  # noqa: T201 - a command prints
    except OSError:
        return code  # standard error is closed or full: the exit code is all that is left
    return code
