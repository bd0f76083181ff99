"""The embedded broker as a transport: one directory, opened."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from prodiguer.errors import ConfigurationError, Unavailable
from prodiguer.filesystem import check_database_file
from prodiguer.ports.transport import Queue, QueueStatus
from prodiguer.transport.embedded import schema
from prodiguer.transport.embedded.board import board_of
from prodiguer.transport.embedded.checks import (
    check_after_crash,
    refuse_other_schema,
)
from prodiguer.transport.embedded.consumer import EmbeddedConsumer
from prodiguer.transport.embedded.declaration import declare
from prodiguer.transport.embedded.owners import DIRECTORY
from prodiguer.transport.embedded.publisher import EmbeddedPublisher
from prodiguer.transport.embedded.session import Session, translated
from prodiguer.transport.embedded.status import status

FILE = "broker.db"

#: Locked, shared, by every process that has the broker open.
PRESENCE = "broker.lock"

# What waiting does not cure: another place is needed, or other rights.
_MISPLACED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


def open_broker(url: str, *, data: Path) -> EmbeddedBroker:
    """Open the broker in ``data``, or make it.

    Args:
        url: ``embedded:``, nothing more.
        data: made where it is missing; readable by its owner alone, as messages may be private.

    Raises:
        ConfigurationError: the place cannot hold a broker, or holds something else.
        Unavailable: the disk is full, or another process keeps the file locked.
    """
    if url.partition(":")[2]:
        raise ConfigurationError("broker.url is `embedded:` alone; --data says where it lives")
    path = data / FILE
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / DIRECTORY).mkdir(mode=0o700, exist_ok=True)
        presence = (data / PRESENCE).open("ab")
    except OSError as error:
        raise _unusable(data, error) from error
    try:
        return EmbeddedBroker(_opened(path, presence), presence)
    except BaseException:
        presence.close()
        raise


def _unusable(data: Path, error: OSError) -> ConfigurationError | Unavailable:
    if error.errno in _MISPLACED:
        return ConfigurationError(
            f"the data directory {data} cannot be used ({error.strerror}): give this account"
            " the right to write there, or choose another with --data or PRODIGUER_DATA."
        )
    return Unavailable(f"the data directory {data} cannot be used for now: {error.strerror}")


def _opened(path: Path, presence: BinaryIO) -> Session:
    with translated(path):
        if not check_database_file(path):
            schema.create(path)
        check_after_crash(path, presence)
        session = Session(path, board_of(path))
        try:
            session.check(refuse_other_schema)
        except BaseException:
            session.close()
            raise
    return session


class EmbeddedBroker:
    """A broker in a directory. Its own methods may be called from any thread."""

    def __init__(self, session: Session, presence: BinaryIO) -> None:
        self._session = session
        self._presence = presence
        self._owners = session.path.parent / DIRECTORY
        self._ends: set[EmbeddedPublisher | EmbeddedConsumer] = set()

    def declare(self, queues: Sequence[Queue]) -> None:
        declare(self._session, queues)

    def publisher(self) -> EmbeddedPublisher:
        publisher = EmbeddedPublisher(self._another_session(), self._ends.discard)
        self._ends.add(publisher)
        return publisher

    def consumer(self, queue: str, *, prefetch: int = 1000) -> EmbeddedConsumer:
        session = self._another_session()
        try:
            consumer = EmbeddedConsumer(session, self._owners, queue, prefetch, self._ends.discard)
        except BaseException:
            session.close()
            raise
        self._ends.add(consumer)
        return consumer

    def status(self) -> list[QueueStatus]:
        return status(self._session, self._owners)

    def ping(self) -> None:
        self._session.ping()

    def close(self) -> None:
        """Close every publisher and consumer of this broker, and let go of the file."""
        for end in list(self._ends):
            end.close()
        self._session.close()
        self._presence.close()

    def _another_session(self) -> Session:
        return Session(self._session.path, self._session.board)
