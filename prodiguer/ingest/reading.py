"""One mail of the inbox while it is decoded: window after window, so that others get their turn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.ingest import dead_letters
from prodiguer.ingest.inbox import WaitingMail
from prodiguer.ingest.publishing import WINDOW, WINDOW_BYTES, publication
from prodiguer.ports.store import DeadLetter, MailRecord
from prodiguer.ports.transport import Publication
from prodiguer.wire import topics
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.mail import DeadLine, MailFile, Tally, identity_of_refused, read_mail
from prodiguer.wire.origin import Origin


class Reading:
    """What a mail holds, bit by bit. Close it after use; closing closes its file.

    Args:
        name: of its file in the inbox.
        waiting: the file, opened.
        catalog: the message types.
        mode: of the platform.
        account: the user word where the sender proved no name at the door.
    """

    def __init__(
        self, name: str, waiting: WaitingMail, catalog: Catalog, mode: str, account: str
    ) -> None:
        self.name = name
        self.size = waiting.size
        self.finished = False
        #: Decoded, not yet published; decoded, not yet stored.
        self.waiting: list[Publication] = []
        self.dead: list[DeadLetter] = []
        self._file = waiting
        self._tally = Tally()
        self._mail: MailFile | None = None
        self._origin = Origin(
            door=waiting.arrival.door,
            mode=mode,
            user=topics.as_word(waiting.arrival.principal or account),
            received_at=waiting.received_at,
        )
        self._catalog = catalog
        self._items: Iterator[Message | DeadLine] | None = None

    def _open(self) -> Iterator[Message | DeadLine]:
        try:
            self._mail = mail = MailFile(self._file.body)
            self._origin = replace(
                self._origin, mail=mail.id, sent_at=mail.date, sent_raw=mail.date_raw
            )
            return read_mail(mail, self._origin, self._catalog)
        except Refused as refused:
            self._refuse(refused)
            return iter(())

    def _refuse(self, refused: Refused) -> None:
        """The mail as a whole is one dead letter."""
        if self._mail is None:
            identity = identity_of_refused(self._file.body)
            self._origin = replace(self._origin, mail=identity)
        self._file.body.seek(0)
        self.dead = [dead_letters.of_mail(self._file.body.read(), refused, self._origin)]
        self._tally = Tally(dead=1)

    def fill(self, limit: int) -> None:
        """Decode the next items, ``limit`` at the most, into `waiting` and `dead`."""
        if self._items is None:
            self._items = self._open()
        count = size = 0
        for item in itertools.islice(self._items, limit):
            count += 1
            self._tally.note(item)
            if isinstance(item, DeadLine):
                self.dead.append(dead_letters.of_line(item, self._origin))
                size += len(item.bytes)
            else:
                self.waiting.append(publication(item))
                size += len(self.waiting[-1].body)
            if size >= WINDOW_BYTES:
                return
        self.finished = count < limit

    def give_up(self, error: Exception) -> None:
        """The decoder fails on it: what it holds is one dead letter, for when it is repaired."""
        self.waiting.clear()
        self._items = iter(())
        self.finished = True
        self._refuse(Refused.crash(error))

    @property
    def heavy(self) -> bool:
        """So many dead letters wait that they should be stored before more is decoded."""
        size = sum(len(letter.bytes) for letter in self.dead)
        return len(self.dead) >= WINDOW or size >= WINDOW_BYTES

    @property
    def carried(self) -> tuple[int, int]:
        """How many messages and how many dead letters were in it."""
        return self._tally.messages.total(), self._tally.dead

    def record(self, now: datetime) -> MailRecord:
        """What it carried, once all of it is published."""
        mail, file = self._mail, self._file
        return MailRecord(
            id=self._origin.mail or "",
            at=self._origin.received_at,
            door=self._origin.door,
            sender=(mail.sender if mail else None) or file.arrival.sender or None,
            size=file.size,
            sent_at=self._origin.sent_at,
            messages=dict(self._tally.messages),
            repairs=self._tally.repairs,
            dead=self._tally.dead,
            stored_at=now,
        )

    def close(self) -> None:
        self._file.close()
