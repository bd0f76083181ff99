"""Messages on their way to the broker: in windows, by publishers that threads borrow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prodiguer.domain.message import Message
from prodiguer.ports.transport import PRIMARY, Publication, Publisher
from prodiguer.wire.envelope import to_amqp

#: Publications that are confirmed together.
WINDOW = 500
#: Bytes of bodies that are confirmed together, at the least one message.
WINDOW_BYTES = 8 * 1024 * 1024


def publication(message: Message) -> Publication:
    """What producers outside say goes to the primary exchange."""
    key, properties, body = to_amqp(message)
    return Publication(PRIMARY, key, body, properties)


class Publishers:
    """Opens publishers as they are needed and keeps them for the next one.

    Args:
        opener: opens one.
    """

    def __init__(self, opener: Callable[[], Publisher]) -> None:
        self._opener = opener
        self._idle: list[Publisher] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def one(self) -> Iterator[Publisher]:
        """A publisher for this thread alone; one that failed is not used again.

        Raises:
            Unavailable: the broker does not answer.
        """
        with self._lock:
            publisher = self._idle.pop() if self._idle else None
        if publisher is None:
            publisher = self._opener()
        try:
            yield publisher
        except BaseException:
            publisher.close()
            raise
        with self._lock:
            if not self._closed:
                self._idle.append(publisher)
                return
        publisher.close()

    def close(self) -> None:
        """Close those that nobody uses now; the others close when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for publisher in idle:
            publisher.close()
