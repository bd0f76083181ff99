"""What the platform asks of a file system: to hold a database, to keep what was put there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from prodiguer.errors import ConfigurationError

#: File systems whose machines do not share memory, which SQLite's write-ahead log needs.
# fmt: off
SHARED = frozenset(
    {
        "nfs", "nfs3", "nfs4", "lustre", "gpfs", "cifs", "smb3", "smbfs", "smb2", "beegfs",
        "fhgfs", "ceph", "afs", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.cephfs", "9p",
        "ocfs2", "gfs2", "panfs", "pvfs2", "orangefs", "wekafs",
    }
)
# fmt: on

MOUNTS = Path("/proc/self/mountinfo")

_MAGIC = b"SQLite format 3\x00"


def kind(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system that holds a path (``ext4``, ``nfs4`` …); None if unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    inside = path.absolute().resolve()
    longest, found = -1, None
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = Path(_unescape(before.split()[4]))
        # Of two mounts on one place the later one is seen.
        if inside.is_relative_to(mount) and len(mount.parts) >= longest:
            longest, found = len(mount.parts), after.split()[0]
    return found


def sync_directory(directory: Path) -> None:
    """Return when the entries of a directory would survive a crash of the machine.

    Raises:
        OSError: they would not.
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_database_file(path: Path, mounts: Path = MOUNTS) -> bool:
    """Whether there is an SQLite file at this path.

    Returns:
        False where there is nothing yet, so that one can be made.

    Raises:
        ConfigurationError: it cannot hold a database, or it is none; with the remedy.
    """
    where = kind(path.parent, mounts)
    if where in SHARED:
        raise ConfigurationError(
            f"{path} is on a {where} file system, which several machines share and where SQLite"
            " loses data: choose a local directory"
        )
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        raise ConfigurationError(f"{path.parent} is no directory: choose another place") from None
    if stat.S_ISLNK(found.st_mode):
        raise ConfigurationError(f"{path} is a symbolic link: name the file that it points to")
    if not stat.S_ISREG(found.st_mode):
        raise ConfigurationError(f"{path} is no regular file: choose another place")
    _check_content(path, found.st_size)
    return True


def _check_content(path: Path, size: int) -> None:
    if size == 0:
        raise ConfigurationError(
            f"{path} is empty: restore a backup, or remove it if it never held anything"
        )
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except PermissionError:
        raise ConfigurationError(f"{path} may not be read by this account") from None
    if magic != _MAGIC:
        raise ConfigurationError(
            f"{path} is no SQLite database, or a damaged one: keep a copy and restore a backup"
        )


def _unescape(mount: str) -> str:
    """Mount points have spaces and the like as octal escapes."""
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        mount = mount.replace(code, char)
    return mount
