"""An app of somebody else, installed into a fresh environment, receives its messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

APP = '''"""Writes failures of compute jobs into a file."""
from pathlib import Path
from prodiguer import App, Context, JobFailed

app = App("chat")


@app.on(JobFailed)
def tell(message: JobFailed, context: Context) -> None:
    with Path(context.settings["file"]).open("a") as file:
        file.write(f"{message.simulation_uid}\\n")
'''
PROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[project]
name = "prodiguer-chat"
version = "1"
dependencies = ["prodiguer"]
[project.entry-points."prodiguer.apps"]
chat = "prodiguer_chat:app"
[tool.setuptools]
py-modules = ["prodiguer_chat"]
"""
TEST = """from prodiguer.testing import Harness
from prodiguer_chat import app

RUN = "6d773248-70eb-4a49-8ede-2590b18b68f3"


def test_a_failure_is_told(tmp_path):
    with Harness(app, settings={"file": str(tmp_path / "told")}) as harness:
        harness.send("1999", simuid=RUN, jobuid="b32bb970-c762-4e05-b27a-f0b91222d5b6")
        harness.send("1100", simuid=RUN, jobuid="b32bb970-c762-4e05-b27a-f0b91222d5b6")
        harness.run_until_idle()
    assert (tmp_path / "told").read_text() == RUN + "\\n"
"""


def test_a_small_package_from_elsewhere_is_an_app(tmp_path: Path, fresh_environment: Path) -> None:
    assert sum(text.count("\n") for text in (APP, PROJECT, TEST)) < 60
    package = tmp_path / "prodiguer-chat"
    package.mkdir()
    (package / "prodiguer_chat.py").write_text(APP)
    (package / "pyproject.toml").write_text(PROJECT)
    (package / "test_chat.py").write_text(TEST)
    python = fresh_environment / "bin" / "python"

    def run(*command: str) -> str:
        done = subprocess.run([str(python), *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", str(package))

    assert "1 passed" in run("-m", "pytest", "-q", str(package))
    assert "prod.chat" in run("-m", "prodiguer", "--data", str(tmp_path / "data"), "apps")
    assert sys.prefix not in run("-c", "import prodiguer; print(prodiguer.__file__)")
