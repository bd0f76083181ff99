"""What a message is, and how a type of messages is declared.

A type is declared once, as a subclass of `Message`: its code, its family (the ``app`` word of
the routing key) and its fields stand in the class line, its meaning in the docstring. Routing,
validation, the documentation and `App.on` all read them from there. A package outside adds a
type the same way and names it in the entry-point group ``prodiguer.messages``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

#: A message that says a later time than its arrival by more than this takes its arrival instead.
CLOCK_TOLERANCE = timedelta(hours=1)

#: Texts that mean that there is no value.
ABSENT = frozenset({"", "null"})


class Stamp(NamedTuple):
    """The place of a message in the order of all messages: time first, then its id."""

    time: datetime
    uid: str


@dataclass(frozen=True, slots=True)
class MessageType:
    """What one class line declares."""

    code: str
    name: str
    app: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    #: Required fields that may be the empty text.
    may_be_empty: tuple[str, ...] = ()
    #: The field that an attachment of the mail is joined to; where it is a required field, the
    #: message is a dead letter without it.
    attachment: str | None = None
    #: Each attachment makes a message of its own.
    attachment_each: bool = False
    #: Said by the platform to itself: a dead letter at every door.
    internal: bool = False
    summary: str = ""

    def binding(self, mode: str = "*") -> str:
        """The topic filter that catches this type, such as ``prod.*.*.monitoring.1999``."""
        return f"{mode}.*.*.{self.app}.{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a producer, decoded and checked.

    ``body`` is the JSON object as received without its ``msg…`` fields; times are aware, in UTC,
    to the microsecond; ``uid``, ``simulation_uid`` and ``job_uid`` are lower-case UUID texts.
    """

    TYPE: ClassVar[MessageType]

    uid: str
    #: The code that it is routed as.
    code: str
    #: The code that came in, where the dialect of 2014 is translated; else None.
    received_code: str | None = None
    app: str
    mode: str
    user: str
    producer: str
    producer_version: str
    #: ``2014`` or ``2016``.
    dialect: str = "2016"
    simulation_uid: str | None = None
    job_uid: str | None = None
    timestamp: datetime
    #: What the sender wrote, nanoseconds kept; None where it wrote nothing.
    timestamp_raw: str | None = None
    received_at: datetime
    #: ``smtp``, ``http`` or ``amqp``.
    door: str
    #: The identity of the mail that carried it.
    mail: str | None = None
    #: The line of the mail's text, from 1; None elsewhere.
    position: int | None = None
    flags: tuple[str, ...] = ()
    body: Mapping[str, Any]
    #: SHA-256 (hex) of the parsed object before attachments are joined: tells a repeat from a
    #: conflict.
    digest: str
    #: Of the client that sent it, for gaps alone.
    boot: str | None = None
    seq: int | None = None

    def __init_subclass__(
        cls,
        *,
        code: str,
        app: str,
        name: str,
        required: str = "",
        optional: str = "",
        may_be_empty: str = "",
        attachment: str | None = None,
        attachment_each: bool = False,
        internal: bool = False,
    ) -> None:
        cls.TYPE = MessageType(
            code=code,
            name=name,
            app=app,
            required=tuple(required.split()),
            optional=tuple(optional.split()),
            may_be_empty=tuple(may_be_empty.split()),
            attachment=attachment,
            attachment_each=attachment_each,
            internal=internal,
            summary=" ".join((cls.__doc__ or "").split()),
        )

    @property
    def time(self) -> datetime:
        """When it happened: its timestamp, or its arrival if the timestamp lies in the future."""
        if self.timestamp > self.received_at + CLOCK_TOLERANCE:
            return self.received_at
        return self.timestamp

    @property
    def stamp(self) -> Stamp:
        """Its place in the order of all messages."""
        return Stamp(self.time, self.uid)

    @property
    def routing_key(self) -> str:
        """``mode.user.producer.app.type``."""
        return f"{self.mode}.{self.user}.{self.producer}.{self.app}.{self.code}"

    def get(self, field: str) -> str | None:
        """The text of a field; None where it is absent (missing, empty, or the text ``null``)."""
        value = self.body.get(field)
        if value is None:
            return None
        text = value if isinstance(value, str) else str(value)
        return None if text in ABSENT else text
