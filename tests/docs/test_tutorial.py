"""The tutorial is run from its first line to its last, as a newcomer would type it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from live import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"<!-- (run|file)(?:: ([^\n]*))? -->\n```\w+\n(.*?)```", re.DOTALL)


class Block(NamedTuple):
    kind: str
    what: str
    text: str


class Newcomer:
    """Somebody at a terminal: a directory, an environment, programs left running."""

    def __init__(self, place: Path, environment: Path, environ: dict[str, str]) -> None:
        self.place = place
        self.environ = {
            **os.environ,
            **environ,
            "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
        }
        self.variables = ""
        self.running: list[subprocess.Popen[str]] = []

    def do(self, block: Block) -> None:
        if block.kind == "file":
            file = self.place / block.what
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text)
        elif block.what == "background":
            self.start(block.text)
        elif block.what != "setup":
            self.run(block.text, fails=block.what == "fails")

    def run(self, script: str, *, fails: bool = False) -> str:
        done = subprocess.run(
            ["bash", "-ec", self.variables + script],
            cwd=self.place, env=self.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        assignments = re.findall(r"^[A-Z]+=\S+$", script, re.MULTILINE)
        self.variables += "".join(f"{line}\n" for line in assignments)
        return done.stdout

    def start(self, script: str) -> None:
        with (self.place / f"said-{len(self.running)}").open("wb") as said:
            self.running.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {script}"],
                    cwd=self.place,
                    env=self.environ,
                    stdout=said,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        stream = self.running[-1].stderr
        assert stream
        while line := stream.readline():
            if line.startswith("apps:"):
                return
        raise AssertionError(f"{script} does not start")

    def leave(self) -> None:
        for process in reversed(self.running):
            process.terminate()
            process.communicate(timeout=60)
            assert process.returncode == 0


@pytest.fixture
def newcomer(
    tmp_path: Path, fresh_environment: Path, free_ports: tuple[int, int]
) -> Iterator[Newcomer]:
    # As in a clone: what its own pyproject.toml says must not matter to the app's tests.
    shutil.copy(PAGE.parents[1] / "pyproject.toml", tmp_path)
    smtp, web = free_ports
    person = Newcomer(
        tmp_path,
        fresh_environment,
        {
            "PRODIGUER_SMTP__PORT": str(smtp),
            "PRODIGUER_WEB__PORT": str(web),
            "PRODIGUER_URL": f"http://127.0.0.1:{web}",
        },
    )
    yield person
    person.leave()


def test_the_tutorial_works_as_it_is_written(newcomer: Newcomer) -> None:
    blocks = [Block(*found) for found in BLOCK.findall(PAGE.read_text("utf-8"))]
    assert len(blocks) == PAGE.read_text("utf-8").count("```") // 2, "a snippet is not run"

    for block in blocks:
        newcomer.do(block)

    assert "missing-fields: jobuid" in newcomer.run("prodiguer dead list")
    said = newcomer.place / "said-1"
    wait_for(lambda: said.read_text() == "irene: 1 failed\n", "the app to count")
    wait_for(lambda: "error" in newcomer.run("prodiguer simulations"), "the run to fail")
