"""`hooks install`: what a computing centre gets, and when it is replaced."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from live import prodiguer
from prodiguer import __version__
from prodiguer.client.hooks import files

NAMES = ["prodiguer.ksh", "prodiguer_client.pyz"]


def test_both_files_are_written_with_their_version(tmp_path: Path) -> None:
    done = prodiguer("hooks", "install", str(tmp_path / "new" / "hooks"))

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count(f": version {__version__}") == 2
    assert sorted(path.name for path in (tmp_path / "new" / "hooks").iterdir()) == NAMES
    hook = (tmp_path / "new" / "hooks" / "prodiguer.ksh").read_text("utf-8")
    assert hook.startswith(f"# prodiguer.ksh {__version__}: ")
    assert not re.findall(r"@[A-Z]+@", hook)


def test_another_version_is_replaced_only_when_asked(tmp_path: Path) -> None:
    place = str(tmp_path)
    assert prodiguer("hooks", "install", place).returncode == 0
    again = prodiguer("hooks", "install", place, "--json")
    assert (again.returncode, json.loads(again.stdout)["written"]) == (0, [])

    (tmp_path / "prodiguer.ksh").write_text("# mine\n")
    refused = prodiguer("hooks", "install", place)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert (tmp_path / "prodiguer.ksh").read_text() == "# mine\n"

    forced = prodiguer("hooks", "install", place, "--force", "--json")
    assert forced.returncode == 0
    assert [Path(path).name for path in json.loads(forced.stdout)["written"]] == ["prodiguer.ksh"]


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert prodiguer("hooks", "install", str(tmp_path / "file")).returncode == 2
    assert prodiguer("hooks", "install", str(tmp_path / "file" / "hooks")).returncode == 1
    assert prodiguer("hooks", "install").returncode == 2


def test_the_hook_finds_its_program_in_any_directory(tmp_path: Path) -> None:
    place = tmp_path / "a 'strange' $place"
    hook = files(place)["prodiguer.ksh"].decode()

    said = subprocess.run(
        ["sh", "-c", f'{hook}\nprintf %s "$_prodiguer_home"'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == str(place)


@pytest.mark.parametrize("minor", range(8, 14))
def test_the_program_runs_on_older_and_newer_pythons(tmp_path: Path, minor: int) -> None:
    python = shutil.which(f"python3.{minor}")
    if (
        python is None
        or subprocess.run([python, "-V"], check=False, capture_output=True).returncode
    ):
        pytest.skip(f"Python 3.{minor} is not installed")
    program = tmp_path / "prodiguer_client.pyz"
    program.write_bytes(files(tmp_path)["prodiguer_client.pyz"])
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "0-0.jsonl").write_text("{}\n")

    environ = {"PRODIGUER_SPOOL": str(spool), "PRODIGUER_SMTP": "127.0.0.1:9", "PATH": os.defpath}
    ended = subprocess.run(
        [python, "-I", program, "flush"],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ended.returncode == 3, ended.stderr
    assert "stays in the spool" in ended.stderr
    assert (spool / "0-0.jsonl").exists()


def test_the_program_carries_nothing_of_the_platform(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(files(tmp_path)["prodiguer_client.pyz"])
    names = zipfile.ZipFile(tmp_path / "p").namelist()

    assert {name.split("/")[0] for name in names} == {
        "__main__.py", "prodiguer", f"prodiguer-{__version__}.dist-info"
    }  # fmt: skip
    assert all(name.startswith("prodiguer/client/") for name in names[1:] if name.count("/") == 2)
