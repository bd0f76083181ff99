"""Dead letters through their door again, each by the form of its bytes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from prodiguer.errors import Refused
from prodiguer.ingest import dead_letters
from prodiguer.ingest.publishing import WINDOW, Publishers, publication
from prodiguer.ports.store import DeadLetter, Store
from prodiguer.ports.transport import (
    FIRST_EXCHANGE,
    FIRST_ROUTING_KEY,
    Properties,
    Publication,
    queue_name,
)
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.intake import read_element
from prodiguer.wire.mail import DeadLine, MailFile, read_line, read_mail
from prodiguer.wire.origin import Origin


class Resender:
    """Knows the forms of dead letters.

    Args:
        publishers: lent for each letter.
        store: for what is still dead in a whole mail.
        catalog: the message types.
        mode: of the platform.
    """

    def __init__(self, publishers: Publishers, store: Store, catalog: Catalog, mode: str) -> None:
        self._publishers = publishers
        self._store = store
        self._catalog = catalog
        self._mode = mode
        self._forms = {
            "line": self._line,
            "element": self._element,
            "mail": self._mail,
            "part": _part,
            "delivery": self._delivery,
        }

    def resend(self, letter: DeadLetter) -> None:
        """See `prodiguer.ports.intake.Intake`."""
        form = self._forms.get(letter.form)
        if form is None:
            raise Refused("bad-field", "form", f"nobody knows how to send a {letter.form!r} again")
        form(letter)

    def _line(self, letter: DeadLetter) -> None:
        message = read_line(letter.bytes, self._origin(letter), self._catalog)
        self._publish([publication(message)])

    def _element(self, letter: DeadLetter) -> None:
        message = read_element(letter.bytes, self._origin(letter), self._catalog)
        self._publish([publication(message)])

    def _mail(self, letter: DeadLetter) -> None:
        """What is still no message in it becomes dead letters of lines and parts."""
        mail = MailFile(io.BytesIO(letter.bytes))
        origin = self._origin(letter)
        known = replace(origin, mail=mail.id, sent_at=mail.date, sent_raw=mail.date_raw)
        items = read_mail(mail, known, self._catalog)
        while window := list(itertools.islice(items, WINDOW)):
            dead = [
                dead_letters.of_line(item, known) for item in window if isinstance(item, DeadLine)
            ]
            self._publish(publication(item) for item in window if not isinstance(item, DeadLine))
            if dead:
                with self._store.unit(letter.door) as unit:
                    unit.add_dead_letters(dead)

    def _delivery(self, letter: DeadLetter) -> None:
        context = letter.context
        exchange = _text(context, "exchange") or ""
        key = _text(context, "routing_key") or ""
        properties = _properties(context)
        if letter.app is not None:
            # The other apps have had it: it goes into the queue of this one alone.
            origin = {FIRST_ROUTING_KEY: key, FIRST_EXCHANGE: exchange}
            properties = properties._replace(headers={**properties.headers, **origin})
            exchange, key = "", queue_name(letter.app, self._mode)
        self._publish([Publication(exchange, key, letter.bytes, properties)])

    def _publish(self, publications: Iterable[Publication]) -> None:
        window = list(publications)
        if window:
            with self._publishers.one() as publisher:
                publisher.publish(window)

    def _origin(self, letter: DeadLetter) -> Origin:
        context = letter.context
        return Origin(
            door=letter.door,
            mode=self._mode,
            user=_text(context, "user") or "unknown",
            received_at=_time(context, "received_at") or letter.at,
            mail=letter.mail,
            sent_at=_time(context, "sent_at"),
            sent_raw=_text(context, "sent_raw") or "",
        )


def _part(letter: DeadLetter) -> None:
    """An attachment alone is no message."""
    raise Refused(
        "orphan-attachment",
        f"part {letter.position}",
        "an attachment goes with its message: send the mail again with both",
    )


def _properties(context: Mapping[str, Any]) -> Properties:
    headers = context.get("headers")
    timestamp = context.get("timestamp")
    return Properties(
        message_id=_text(context, "message_id"),
        type=_text(context, "type"),
        app_id=_text(context, "app_id"),
        user_id=_text(context, "user_id"),
        timestamp=timestamp if isinstance(timestamp, int) else None,
        content_type=_text(context, "content_type"),
        content_encoding=_text(context, "content_encoding"),
        headers=headers if isinstance(headers, Mapping) else {},
    )


def _text(context: Mapping[str, Any], name: str) -> str | None:
    value = context.get(name)
    return value if isinstance(value, str) else None


def _time(context: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(context, name)
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
