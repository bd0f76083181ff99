"""A PostgreSQL of our own: started on loopback for the tests, thrown away after them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from live import wait_for
from support.needs import missing

USER = "postgres"


def binaries() -> Path | None:
    """Where the newest installed server is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    return found[-1].parent if found else None


class Server:
    """A running server.

    Args:
        port: of loopback.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self._port}/{name}"

    def make(self) -> str:
        """A new, empty database; its URL."""
        name = f"t{uuid4().hex}"
        self._do(f"CREATE DATABASE {name}")
        return self.url(name)

    def answers(self) -> bool:
        try:
            self._do("SELECT 1")
        except OperationalError:
            return False
        return True

    def _do(self, statement: str) -> None:
        url = self.url(USER).replace("postgresql:", "postgresql+psycopg2:")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()


@contextmanager
def running() -> Iterator[Server]:
    """A server on a free port, or the test is skipped with the reason."""
    where = binaries()
    if where is None:
        missing("no PostgreSQL is installed: apt-get install postgresql")
    # It refuses to run as root; it has its own user where it was installed.
    user = USER if os.getuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="prodiguer-postgresql-"))
    try:
        if user:
            shutil.chown(place, user)
        data = str(place / "data")
        subprocess.run(
            [where / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync",
             "--locale=C.UTF-8"],
            user=user, check=True, capture_output=True, cwd=place, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with _started(where, data, place, port, user):
            server = Server(port)
            wait_for(server.answers, "PostgreSQL")
            yield server
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _started(where: Path, data: str, place: Path, port: int, user: str | None) -> Iterator[None]:
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
               "-c", f"unix_socket_directories={place}"]  # fmt: skip
    with (place / "said").open("wb") as said:
        process = subprocess.Popen(
            [where / "postgres", "-D", data, *options],
            user=user, cwd=place, stdout=said, stderr=said, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
