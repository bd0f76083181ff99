"""The intake over HTTP: elements become messages in the broker, or dead letters, then comes yes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.ingest import dead_letters, http_body
from prodiguer.ingest.publishing import WINDOW, WINDOW_BYTES, Publishers, publication
from prodiguer.ingest.resending import Resender
from prodiguer.ports.intake import DeadElement, Outcome
from prodiguer.ports.store import DeadLetter, Store
from prodiguer.ports.transport import Publisher
from prodiguer.wire import topics
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.intake import read_element
from prodiguer.wire.origin import Origin

log = logging.getLogger(__name__)

#: Who writes, as the store knows it.
_WRITER = "http"


@dataclass(slots=True)
class _Window:
    """Elements that are confirmed together."""

    messages: list[Message] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    size: int = 0

    @property
    def full(self) -> bool:
        return len(self.messages) + len(self.dead) >= WINDOW or self.size >= WINDOW_BYTES


@dataclass(slots=True)
class _Tally:
    """What has become of a body so far."""

    accepted: int = 0
    duplicates: int = 0
    dead: list[DeadElement] = field(default_factory=list)
    #: Digest of the content by message id.
    seen: dict[str, str] = field(default_factory=dict)


class HttpIntake:
    """`prodiguer.ports.intake.Intake`. It may be called from many threads.

    Args:
        publishers: opens a publisher.
        store: for dead letters.
        catalog: the message types.
        mode: of the platform.
        known_messages: which of some message ids the platform has seen already.
    """

    def __init__(
        self,
        publishers: Callable[[], Publisher],
        store: Store,
        catalog: Catalog,
        mode: str,
        known_messages: Callable[[Sequence[str]], AbstractSet[str]],
    ) -> None:
        self._publishers = Publishers(publishers)
        self._store = store
        self._catalog = catalog
        self._mode = mode
        self._known_messages = known_messages
        self._resender = Resender(self._publishers, store, catalog, mode)

    def accept(self, body: BinaryIO, *, lines: bool, user: str, received_at: datetime) -> Outcome:
        """See `prodiguer.ports.intake.Intake`; also refuses ``too-large: elements``."""
        found = http_body.lines(body) if lines else iter(http_body.array(body))
        origin = Origin(
            door="http", mode=self._mode, user=topics.as_word(user), received_at=received_at
        )
        tally = _Tally()
        for window in self._windows(found, origin, tally):
            self._make_durable(window, tally)
        return Outcome(tally.accepted, tally.duplicates, tuple(tally.dead))

    def resend(self, letter: DeadLetter) -> None:
        self._resender.resend(letter)

    def close(self) -> None:
        """Close the publishers."""
        self._publishers.close()

    def _windows(self, found: Iterator[bytes], origin: Origin, tally: _Tally) -> Iterator[_Window]:
        window = _Window()
        for index, raw in enumerate(found):
            window.size += len(raw)
            try:
                window.messages.append(self._read(raw, origin))
            except Refused as refused:
                window.dead.append(dead_letters.of_element(raw, index, refused, origin))
                tally.dead.append(DeadElement(index, refused.reason))
            if window.full:
                yield window
                window = _Window()
        if window.size:
            yield window

    def _read(self, raw: bytes, origin: Origin) -> Message:
        try:
            return read_element(raw, origin, self._catalog)
        except Refused:
            raise
        except Exception as error:
            log.exception("the decoder fails on an element", extra={"action": "decoder_crashed"})
            raise Refused.crash(error) from error

    def _make_durable(self, window: _Window, tally: _Tally) -> None:
        known = self._known(window.messages)
        if window.messages:
            with self._publishers.one() as publisher:
                publisher.publish([publication(message) for message in window.messages])
        if window.dead:
            with self._store.unit(_WRITER) as unit:
                unit.add_dead_letters(window.dead)
        _count(window.messages, known, tally)

    def _known(self, messages: Sequence[Message]) -> AbstractSet[str]:
        """Asked before they are published: an app may be quicker than we are."""
        return self._known_messages([message.uid for message in messages]) if messages else set()


def _count(messages: Sequence[Message], known: AbstractSet[str], tally: _Tally) -> None:
    tally.accepted += len(messages)
    for message in messages:
        again = tally.seen.get(message.uid) == message.digest
        tally.seen.setdefault(message.uid, message.digest)
        tally.duplicates += again or message.uid in known
