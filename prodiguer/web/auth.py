"""Tokens: how they are made, and what the one of a request may do."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from prodiguer.errors import Unavailable
from prodiguer.ports.clock import Clock
from prodiguer.ports.live import Tickets
from prodiguer.ports.tokens import SCOPES, Token, Tokens
from prodiguer.web.problems import Problem

PREFIX = "pdg_"
_SECRET_BYTES = 32
#: Longer ones are none of ours.
_LONGEST = 200
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]+)")
#: How exact `last_used_at` is: a write for every request would cost more than the request.
_TOUCH_AFTER = timedelta(minutes=1)

_log = logging.getLogger(__name__)


def digest(text: str) -> str:
    """What is stored of a token's text: SHA-256 in hex. 256 random bits need no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_token(
    name: str, scopes: Sequence[str], now: datetime, expires: datetime | None = None
) -> tuple[str, Token, str]:
    """A fresh token: its text (shown once), what is known of it, and its digest.

    Raises:
        ValueError: a scope that is none of `SCOPES`, or no scope at all.
    """
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise ValueError(
            f"scopes are some of {', '.join(SCOPES)}, not {', '.join(wrong) or 'none'}"
        )
    text = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = Token(
        id=secrets.token_hex(8),
        name=name,
        scopes=tuple(scopes),
        created_at=now,
        expires_at=expires,
        revoked_at=None,
        last_used_at=None,
    )
    return text, token, digest(text)


def is_active(token: Token, now: datetime) -> bool:
    """It is neither revoked nor expired."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


class Doorman:
    """Decides whether a request may pass.

    Args:
        always: a token is asked for even while there is none.
    """

    def __init__(self, tokens: Tokens, tickets: Tickets, clock: Clock, *, always: bool) -> None:
        self._tokens = tokens
        self._tickets = tickets
        self._clock = clock
        self._always = always
        self._noted: dict[str, datetime] = {}

    def any_active(self) -> bool:
        """Some token could open a door now."""
        now = self._clock.now()
        return any(is_active(token, now) for token in self._tokens.list())

    def _open(self) -> bool:
        """No token was ever made: those that expired or were revoked leave no door open."""
        return not self._always and not self._tokens.list()

    def admit(self, given: Sequence[str], scope: str) -> Token | None:
        """The token of a request that may pass; None where none is asked for.

        Args:
            given: the values of all its Authorization headers.
            scope: what the route asks for; ``admin`` may do everything.

        Raises:
            Problem: 401, always the same, or 403.
            Unavailable: the database does not answer.
        """
        if not given and self._open():
            return None
        token = self._known(given)
        if token is None:
            raise unauthorised()
        if scope not in token.scopes and "admin" not in token.scopes:
            raise Problem(403, f"this token lacks the scope `{scope}`")
        return token

    def redeem(self, ticket: str) -> Token | None:
        """The token that a ticket stands for, whose one use this is; None where none is asked for.

        Raises:
            Problem: 403: unknown, used or expired, or its token is no longer good.
            Unavailable: the database does not answer.
        """
        found = self._tickets.take(digest(ticket[:_LONGEST]), self._clock.now())
        if found is not None and found.token_id is None and self._open():
            return None
        token = self.active(found.token_id) if found and found.token_id else None
        if token is None:
            raise Problem(403, "the ticket was used, has expired or never was: ask for a new one")
        return token

    def still_admits(self, id: str | None) -> bool:
        """Whether one that was let in with this token, or where none was asked for, may stay."""
        return self._open() if id is None else self.active(id) is not None

    def active(self, id: str) -> Token | None:
        """The token with this id, if it still opens doors."""
        now = self._clock.now()
        known = (token for token in self._tokens.list() if token.id == id)
        return next((token for token in known if is_active(token, now)), None)

    def _known(self, given: Sequence[str]) -> Token | None:
        match = _BEARER.fullmatch(given[0][:_LONGEST]) if len(given) == 1 else None
        # A header that has no token is looked up all the same, so that all failures take as long.
        token = self._tokens.find(digest(match[1] if match else ""))
        return token if token and is_active(token, self._clock.now()) else None

    def unnoted(self, token: Token) -> bool:
        """Its last use was noted so long ago that this one is worth a write."""
        last = self._noted.get(token.id, token.last_used_at)
        return last is None or self._clock.now() - last >= _TOUCH_AFTER

    def note(self, token: Token) -> None:
        """Note that it was used; a request does not wait for it."""
        now = self._noted[token.id] = self._clock.now()
        try:
            self._tokens.touch(token.id, now)
        except Unavailable as error:
            # Reading works while the database takes no writes: the note is worth no refusal.
            _log.warning("a token's use is not noted: %s", error, extra={"action": "token_unnoted"})


def unauthorised() -> Problem:
    """The one answer to every request whose token is missing, unknown, expired or revoked."""
    return Problem(
        401,
        "this needs a token: send it as `Authorization: Bearer pdg_…`",
        headers={"WWW-Authenticate": 'Bearer realm="prodiguer"'},
    )
