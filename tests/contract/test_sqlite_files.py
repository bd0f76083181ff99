"""Files that cannot be a database, or not any more: refused with advice, and left as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from store_harness import SqliteHarness
from store_kit import message

from prodiguer import filesystem
from prodiguer.errors import ConfigurationError, SchemaMismatch, Unavailable
from prodiguer.filesystem import check_database_file, kind
from prodiguer.storage.backup import backup, integrity
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.store import open_store

MOUNTS = """\
21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 21 0:40 / /home rw - nfs4 server:/home rw
31 30 254:2 / /home/local\\040disk rw - xfs /dev/vdb rw
32 21 0:41 / /scratch rw - lustre mds@tcp:/scratch rw
33 21 0:42 / /scratch rw - tmpfs tmpfs rw
"""


def empty(file: Path) -> None:
    file.touch()


def link(file: Path) -> None:
    upgrade(f"sqlite:///{file.parent / 'real.db'}")
    file.symlink_to("real.db")


def dangling_link(file: Path) -> None:
    file.symlink_to("nowhere.db")


def fifo(file: Path) -> None:
    os.mkfifo(file)


def directory(file: Path) -> None:
    file.mkdir()


def garbage(file: Path) -> None:
    file.write_bytes(b"From: somebody\n" * 1000)


def damaged_head(file: Path) -> None:
    upgrade(f"sqlite:///{file}")
    file.write_bytes(b"\0" * 16 + file.read_bytes()[16:])


def damage(file: Path, first_page: int) -> None:
    with file.open("r+b") as pages:
        pages.seek(first_page * 4096)
        pages.write(b"\xff" * (file.stat().st_size - pages.tell()))


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (empty, "is empty: restore a backup"),
        (link, "symbolic link: name the file"),
        (dangling_link, "symbolic link: name the file"),
        (fifo, "no regular file: choose another place"),
        (directory, "no regular file: choose another place"),
        (garbage, "no SQLite database, or a damaged one: keep a copy"),
        (damaged_head, "no SQLite database, or a damaged one: keep a copy"),
    ],
)
def test_what_is_no_database_is_refused_with_advice(
    tmp_path: Path, make: Callable[[Path], None], advice: str
) -> None:
    file = tmp_path / "prodiguer.db"
    make(file)
    before = sorted(path.name for path in tmp_path.iterdir())

    for attempt in (open_store, upgrade):
        with pytest.raises(ConfigurationError, match=advice) as refused:
            attempt(data=tmp_path)
        assert str(file) in str(refused.value)
        assert "\n" not in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.bad_input("B142")
def test_a_damaged_page_is_found_and_never_taken_for_bad_data(
    sqlite_database: SqliteHarness,
) -> None:
    with sqlite_database.store.unit("archive") as unit:
        unit.archive.add(unit.admit([message(n) for n in range(1, 3000)]).fresh)
    integrity(sqlite_database.url)
    damaged = sqlite_database.directory / "damaged"
    damaged.mkdir()
    backup(sqlite_database.url, damaged / "prodiguer.db")
    damage(damaged / "prodiguer.db", first_page=100)

    with pytest.raises(ConfigurationError, match=r"is damaged .* restore a backup"):
        integrity("", data=damaged)
    store = open_store(data=damaged)
    try:
        with pytest.raises(Unavailable, match="damaged"), store.unit("archive") as unit:
            unit.archive.add(unit.admit([message(n) for n in range(1, 4000)]).fresh)
    finally:
        store.close()


@pytest.mark.bad_input("B142")
def test_a_database_whose_first_pages_are_damaged_does_not_open(
    sqlite_database: SqliteHarness,
) -> None:
    sqlite_database.store.close()
    damage(sqlite_database.directory / "prodiguer.db", first_page=1)

    with pytest.raises(ConfigurationError, match=r"damaged: .* restore a backup"):
        sqlite_database.open()


@pytest.mark.bad_input("B141")
def test_a_copied_database_is_a_database(sqlite_database: SqliteHarness, tmp_path: Path) -> None:
    with sqlite_database.store.unit("app") as unit:
        unit.values.put("key", 1)
    sqlite_database.store.close()
    shutil.copy(sqlite_database.directory / "prodiguer.db", tmp_path / "prodiguer.db")

    store = open_store(data=tmp_path)
    with store.unit("app") as unit:
        assert unit.values.get("key") == 1
        unit.values.put("key", 2)
    store.close()

    assert sqlite_database.rows("app_values", "value") == ["1"]


@pytest.mark.parametrize("directory", ["missing", "file"])
def test_without_its_directory_nothing_is_made(tmp_path: Path, directory: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="directory"):
        upgrade(data=tmp_path / directory)
    with pytest.raises((ConfigurationError, SchemaMismatch)):
        open_store(data=tmp_path / directory)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://host/name", "mysql is not known"),
        ("nonsense", "is no URL"),
        ("", "no data directory"),
    ],
)
def test_a_url_of_no_database_is_refused_with_advice(url: str, advice: str) -> None:
    with pytest.raises(ConfigurationError, match=advice):
        open_store(url)


def test_the_file_system_of_a_path_is_that_of_its_longest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)

    assert kind(Path("/var/lib"), mounts) == "ext4"
    assert kind(Path("/home/me"), mounts) == "nfs4"
    assert kind(Path("/homes"), mounts) == "ext4"
    assert kind(Path("/home/local disk/me"), mounts) == "xfs"
    assert kind(Path("/scratch/me"), mounts) == "tmpfs"  # the later mount covers the earlier
    assert kind(Path("/home/me"), tmp_path / "nothing there") is None


@pytest.mark.parametrize("type_", ["nfs4", "lustre", "gpfs", "cifs"])
def test_a_file_system_that_machines_share_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"21 1 254:1 / / rw - {type_} server:/ rw\n")

    with pytest.raises(ConfigurationError, match=f"{type_} .* choose a local directory"):
        check_database_file(tmp_path / "prodiguer.db", mounts)
    monkeypatch.setattr(filesystem, "MOUNTS", mounts)


def test_this_very_directory_has_a_file_system(tmp_path: Path) -> None:
    if not filesystem.MOUNTS.exists():
        pytest.skip("this system does not list its mounts in /proc")

    assert kind(tmp_path)
