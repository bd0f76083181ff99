"""The live connection's route, and the tickets with which a browser opens it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import TypedDict

from prodiguer.ports.live import EVENT_TYPES, Ticket
from prodiguer.web import parameters as p
from prodiguer.web.auth import digest
from prodiguer.web.live.filters import STATS
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route

PATH = "/api/v1/live"
#: How long a ticket is good.
TICKET_LIFE = timedelta(seconds=30)
_TICKET_BYTES = 32
_SEQ = re.compile(r"[0-9]{1,18}")
_TYPES = (*EVENT_TYPES, STATS)


class TicketView(TypedDict):
    """A ticket: as `ticket` in the query it opens one live connection, until it expires."""

    ticket: str
    expires_at: datetime


def live(_: Call) -> Answer:
    """What comes here was not refused as no WebSocket, and is no answer of HTTP either."""
    raise Problem(400, "this path speaks WebSocket: send `Upgrade: websocket`")


def ticket(call: Call) -> Answer:
    """A ticket for whoever may read."""
    text = secrets.token_urlsafe(_TICKET_BYTES)
    expires_at = call.now + TICKET_LIFE
    call.services.tickets.put(Ticket(digest(text), call.token_id, expires_at), call.now)
    return Answer({"ticket": text, "expires_at": expires_at}, 201)


def _since(text: str, _: datetime) -> int:
    # Whatever is no position is one that cannot be resumed from: the client is told to load again.
    return int(text) if _SEQ.fullmatch(text) else -1


def _types(text: str, _: datetime) -> frozenset[str]:
    words = text.split(",")
    if any(word not in _TYPES for word in words):
        raise ValueError(f"some of {', '.join(_TYPES)}, with commas between them")
    return frozenset(words)


def _yes_or_no(text: str, _: datetime) -> str:
    if text not in ("yes", "no"):
        raise ValueError("yes or no")
    return text


SINCE = p.Parameter(
    "since",
    _since,
    {"type": "string"},
    "go on behind this `seq`; without it from now on",
)
TYPE = p.Parameter(
    "type",
    _types,
    {"type": "string", "default": ",".join(EVENT_TYPES)},
    f"some of {', '.join(_TYPES)}, with commas between them",
)
COALESCE = p.Parameter(
    "coalesce",
    _yes_or_no,
    {"type": "string", "enum": ["yes", "no"], "default": "yes"},
    "`no`: every event, and not of each object the newest alone",
)
SINCE_ACTIVITY = p.Parameter(
    "since_activity",
    p.SINCE.read,
    p.SINCE.schema,
    "runs whose last message is not older than that, as `since` of the list",
)
TICKET = p.Parameter(
    "ticket",
    lambda text, _: text,
    {"type": "string", "maxLength": 200},
    "instead of a token, which a browser cannot send here",
)

ROUTES = (
    Route(
        path=PATH,
        summary="Events as they happen, over a WebSocket: see docs/live.md",
        answer=live,
        scope="read",
        parameters=(
            SINCE,
            p.SIMULATION,
            *p.WORDS,
            p.Q,
            p.TRIES_OR_ALL,
            SINCE_ACTIVITY,
            TYPE,
            COALESCE,
            TICKET,
        ),
        status=101,
        live=True,
    ),
    Route(
        path=f"{PATH}/tickets",
        summary="A ticket that opens one live connection within 30 seconds",
        answer=ticket,
        scope="read",
        method="POST",
        view=TicketView,
        status=201,
        stores=True,
    ),
)
