"""Words and streams of a command line: a clear word, the right exit code."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click
import pytest

from live import COMMAND, Up, prodiguer, shell
from prodiguer.cli.main import cli


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


@pytest.mark.bad_input("B136")
def test_every_command_has_help() -> None:
    for path in commands(cli):
        command: click.Command = cli
        for name in path:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        assert command.help, path


@pytest.mark.bad_input("B136")
@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("simul",),
        ("simulations", "--stat", "error"),
        ("simulations", "--limit", "0"),
        ("simulations", "--limit", "-1"),
        ("simulation",),
        ("send",),
        ("send", "1000", "no-equals-sign"),
        ("send", "1000", "=value"),
        ("simulations", "--url", "file:///etc/passwd"),
        ("up", "--smtp", "25"),
        ("up", "--smtp", "localhost:http"),
        ("run",),
    ],
    ids=" ".join,
)
def test_bad_usage_is_exit_code_2_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = prodiguer(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B136")
@pytest.mark.parametrize(
    "value", ["-1", "", "a\nb", "\x1b[2J", "x" * 100_000, "\udcff\udcfe"], ids=repr
)
def test_any_text_may_be_a_value(value: str) -> None:
    done = subprocess.run(
        [*COMMAND, "simulations", "--url", "http://127.0.0.1:9", "--machine=" + value],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode in (2, 3)
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stderr


@pytest.mark.bad_input("B136")
def test_an_unknown_app_is_named_with_those_that_are_installed(tmp_path: Path) -> None:
    done = prodiguer("--data", str(tmp_path), "run", "no-such-app")

    assert done.returncode == 2
    assert "no app 'no-such-app' is installed; there are: archive, metrics" in done.stderr


@pytest.mark.bad_input("B137")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("PRODIGUER --help | head -1", 0),
        ("PRODIGUER config show | true", 0),
        ("PRODIGUER config show <&-", 0),
        ("PRODIGUER frobnicate 2>/dev/full", 2),
        ("PRODIGUER frobnicate 2>&-", 2),
        ("TERM=dumb COLUMNS=1 PRODIGUER config show", 0),
        ("LC_ALL=C LANG=C PRODIGUER config show", 0),
    ],
)
def test_closed_full_and_poor_streams_do_no_harm(script: str, code: int) -> None:
    done = shell(script)

    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B137")
def test_a_full_output_is_a_failure() -> None:
    done = shell("PRODIGUER config show >/dev/full")

    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B137")
def test_names_beyond_ascii_pass_in_a_poor_locale(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        sent = prodiguer(
            "send", "0000", "simuid=6d773248-70eb-4a49-8ede-2590b18b68f3",
            "jobuid=b32bb970-c762-4e05-b27a-f0b91222d5b6", "name=éà😀", "centre=c", "machine=m",
            "login=l", "model=m", "space=s", environ={"PRODIGUER_URL": up.url},
        )  # fmt: skip
        assert sent.returncode == 0, sent.stderr
        up.settle()
        shown = shell(f"LC_ALL=C LANG=C PRODIGUER simulations --url {up.url}")
        assert shown.returncode == 0, shown.stderr
        assert "éà😀" in shown.stdout
    finally:
        up.stop()
