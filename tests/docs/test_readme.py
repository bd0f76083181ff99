"""What README and CONTRIBUTING show is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from live import Process, Up, prodiguer
from prodiguer import Message
from prodiguer.wire.catalog import Catalog

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COMMAND = ".venv/bin/prodiguer "
RUN = "6d773248-70eb-4a49-8ede-2590b18b68f3"
STAYING = {"up", "run", "demo", "smtp", "web"}
#: Goes on until it is interrupted: tests/cli holds it to its word.
WATCHING = {"watch"}


def commands() -> list[list[str]]:
    """The words of every command that the README shows."""
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    " + COMMAND)]
    return [shlex.split(line.removeprefix(COMMAND).rstrip("&"), comments=True) for line in lines]


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    ending = [words for words in commands() if words[0] not in STAYING | WATCHING]
    ending.sort(key=lambda words: words[0] != "send")
    assert len(ending) >= 5
    up = Up(tmp_path)
    try:
        for words in ending:
            places = {"UID": RUN, "~/prodiguer-hooks": str(tmp_path / "hooks")}
            line = [places.get(word, word) for word in words]
            done = prodiguer(*line, "--url", up.url)
            assert done.returncode == 0, (words, done.stderr)
            up.settle()
    finally:
        assert up.stop() == 0


def test_the_processes_of_the_readme_start(tmp_path: Path) -> None:
    staying = [words for words in commands() if words[0] in STAYING]
    assert {words[0] for words in staying} == {"up", "run"}
    for number, words in enumerate(staying):
        environ = {
            "PRODIGUER_DATA": str(tmp_path / str(number)),
            "PRODIGUER_SMTP__PORT": "0",
            "PRODIGUER_WEB__PORT": "0",
        }
        line = [word for word in words if word not in ("--data", "./prodiguer-data")]
        process = Process(*line, environ=environ)
        process.heard("^apps: ")
        assert process.stop() == 0


def test_the_message_type_of_the_contributing_page_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    snippet = re.search(r"^    class .*?\n\n(?!    )", text, re.DOTALL | re.MULTILINE)
    assert snippet
    code = "\n".join(line.removeprefix("    ") for line in snippet[0].splitlines())
    names: dict[str, object] = {"Message": Message}

    exec(code, names)  # noqa: S102 - the page's own snippet

    declared = next(v for v in names.values() if isinstance(v, type) and v is not Message)
    assert issubclass(declared, Message)
    assert Catalog([declared]).find(declared.TYPE.code) is declared
