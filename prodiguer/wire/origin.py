"""Where a message came in: what a door knows and the message does not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One arrival: a mail, an HTTP body, a resent dead letter."""

    #: ``smtp``, ``http`` …
    door: str
    #: The platform's own mode: the first word of the routing key.
    mode: str
    #: The door's account or the verified principal, as a word of the routing key.
    user: str
    received_at: datetime
    #: The identity of the mail.
    mail: str | None = None
    #: The mail's Date, where it can be read.
    sent_at: datetime | None = None
    #: The mail's Date as it stands there: part of the ids that are derived.
    sent_raw: str = ""
