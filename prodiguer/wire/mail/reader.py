"""From a mail to its messages, one after the other, and to what is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.mail.attachments import Attachments, Taker
from prodiguer.wire.mail.dead import DeadLine, dead
from prodiguer.wire.mail.file import MailFile
from prodiguer.wire.mail.line import is_base64, is_skipped, looks_like_message, read_line
from prodiguer.wire.origin import Origin


def read_mail(mail: MailFile, origin: Origin, catalog: Catalog) -> Iterator[Message | DeadLine]:
    """Everything that a mail holds.

    Args:
        mail: opened; its file must stay open while this is read.
        origin: the door; the mail's identity and date are added here.
        catalog: the types that are known.

    Raises:
        Refused: ``not-a-batch``, before anything is given: no line of it begins like a message,
            and not all of its lines are base64 (a bounce, an answer of a robot, a letter).
    """
    if not _is_batch(mail):
        raise Refused("not-a-batch", detail="no line of this mail is a message in base64")
    known = replace(origin, mail=mail.id, sent_at=mail.date, sent_raw=mail.date_raw)
    return _read(mail, known, catalog)


def _is_batch(mail: MailFile) -> bool:
    found = False
    all_base64 = True
    for _, line in mail.lines():
        if is_skipped(line):
            continue
        if looks_like_message(line):
            return True
        found = True
        all_base64 = all_base64 and is_base64(line)
    return found and all_base64


def _read(mail: MailFile, origin: Origin, catalog: Catalog) -> Iterator[Message | DeadLine]:
    attachments = Attachments(mail)
    for number, line in mail.lines():
        if is_skipped(line):
            continue
        try:
            message = read_line(line, origin, catalog, position=number, awaits=True)
        except Refused as refused:
            yield dead(number, line, "line", refused)
            continue
        pool = attachments.pool_of(message)
        if pool is None:
            yield message
        else:
            yield from pool.offer(Taker(message, number, line))
    yield from attachments.end()
