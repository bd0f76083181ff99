"""What `prodiguer doctor` looks at: a check names the trouble and its remedy, no more."""

from __future__ import annotations

import platform as machine
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prodiguer import transport
from prodiguer.bootstrap.app_settings import check_app_settings
from prodiguer.bootstrap.roles import Roles
from prodiguer.config import Loaded
from prodiguer.errors import ProdiguerError
from prodiguer.runner import installed_apps
from prodiguer.storage.backup import integrity
from prodiguer.storage.store import open_store

#: Less free space than this and the doors refuse soon.
FREE_BYTES = 1 << 30
#: The clock cannot be right before this release was made.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
#: `UPDATE … RETURNING` and STRICT tables.
SQLITE = (3, 37, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what came of it."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def checkup(loaded: Loaded) -> list[Finding]:
    """All checks, in the order in which one would repair things."""
    return list(_checks(loaded))


def _checks(loaded: Loaded) -> Iterator[Finding]:
    settings, data = loaded.settings, Path(loaded.settings.data).absolute()
    yield Finding("configuration", True, str(loaded.file or "defaults and environment"))
    yield _versions()
    yield _clock()
    yield _directory(data)
    yield _disk(data)
    yield _tried("apps", lambda: _apps(loaded), "correct the section, or repair that package")
    if data.is_dir():
        yield _tried("broker", lambda: _broker(loaded, data), "see the message; move the file aside"
                     " and start from a backup if it is damaged")  # fmt: skip
        yield _tried("database", lambda: _database(loaded, data), "prodiguer db upgrade, or restore"
                     " a backup if it is damaged")  # fmt: skip
    for role, door in (("smtp", settings.smtp), ("web", settings.web)):
        yield _port(role, data, door.host, door.port)


def _tried(name: str, check: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, True, check())
    except ProdiguerError as error:
        return Finding(name, False, str(error), remedy)
    except OSError as error:
        return Finding(name, False, f"{error.filename or ''} {error.strerror}".strip(), remedy)


def _versions() -> Finding:
    detail = f"Python {machine.python_version()}, SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < SQLITE:
        wanted = ".".join(map(str, SQLITE))
        return Finding("versions", False, detail, f"a Python that is linked to SQLite {wanted}")
    return Finding("versions", True, detail)


def _clock() -> Finding:
    now = datetime.now(UTC)
    detail = now.isoformat(timespec="seconds")
    if now < EARLIEST:
        return Finding("clock", False, detail, "set this machine's clock (NTP)")
    return Finding("clock", True, detail)


def _directory(data: Path) -> Finding:
    place = data if data.exists() else next(p for p in data.parents if p.exists())
    if not place.is_dir():
        return Finding("data directory", False, f"{place} is no directory", "choose another --data")
    try:
        probe = place / f".prodiguer-doctor-{datetime.now(UTC).timestamp()}"
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        remedy = f"give this user the right to write in {place}, or choose another --data"
        return Finding("data directory", False, f"{place}: {error.strerror}", remedy)
    return Finding("data directory", True, str(data) if data.exists() else f"{data}: made at start")


def _disk(data: Path) -> Finding:
    place = data if data.exists() else next(p for p in data.parents if p.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free / (1 << 30):.1f} GiB free on {place}"
    return Finding("disk", free >= FREE_BYTES, detail, "" if free >= FREE_BYTES else "free space")


def _apps(loaded: Loaded) -> str:
    apps = installed_apps()
    check_app_settings(apps, loaded.settings.apps)
    return ", ".join(apps)


def _broker(loaded: Loaded, data: Path) -> str:
    url = loaded.settings.broker.url
    if url == "embedded:" and not (data / "broker.db").exists():
        return f"{url} made at start"
    broker = transport.connect(url, data=data)
    try:
        broker.ping()
        waiting = sum(queue.ready + queue.unacked for queue in broker.status())
    finally:
        broker.close()
    return f"{url} {waiting} messages wait"


def _database(loaded: Loaded, data: Path) -> str:
    url = loaded.settings.database.url
    if not url and not (data / "prodiguer.db").exists():
        return "made at start"
    store = open_store(url, data=data)
    try:
        store.ping()
    finally:
        store.close()
    integrity(url, data=data)
    return "answers, whole, at this version's schema"


def _port(role: str, data: Path, host: str, port: int) -> Finding:
    name = f"{role} port"
    if data.is_dir() and not Roles(data).free(role):
        return Finding(name, True, f"{host}:{port} is served by the platform")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = f"stop what uses it, set {role}.port, or give its --data if that is a platform"
            return Finding(name, False, f"{host}:{port}: {error.strerror}", remedy)
    return Finding(name, True, f"{host}:{port} is free")
