"""The inbox: where mails are durable between the door that took them and the pump."""

from prodiguer.ingest.inbox.directory import Inbox, InboxBroken, InboxFull
from prodiguer.ingest.inbox.form import Arrival, Torn
from prodiguer.ingest.inbox.incoming import Incoming
from prodiguer.ingest.inbox.waiting import WaitingMail

__all__ = [
    "Arrival",
    "Inbox",
    "InboxBroken",
    "InboxFull",
    "Incoming",
    "Torn",
    "WaitingMail",
]
