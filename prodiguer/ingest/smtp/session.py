"""MAIL, RCPT and DATA: from the envelope to a mail that is durable."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from prodiguer.ingest.inbox import Arrival, InboxBroken, InboxFull, Incoming
from prodiguer.ingest.smtp import grammar
from prodiguer.ingest.smtp.authentication import Authentication
from prodiguer.ingest.smtp.conversation import LATER
from prodiguer.ingest.smtp.dots import Unstuffer

log = logging.getLogger(__name__)

#: Recipients of one mail (RFC 5321 asks for 100; nobody needs more than one here).
RECIPIENTS = 50
#: Bytes over the size limit that are read and thrown away before the line is cut.
_PATIENCE = 64 * 1024
#: More than the stream reader ever holds: a read takes all of it.
_EVERYTHING = 16 * 1024 * 1024
#: Mails up to this size are written without a change of threads.
_SMALL = 256 * 1024

FULL = "452 4.3.1 No room for this mail now, try again later"
NEED_HELLO = "503 5.5.1 Send EHLO first"


class _TooMuch(Exception):
    """The mail goes on beyond all patience."""


class MailSession(Authentication):
    """A conversation that takes mails."""

    _announced: int | None = None

    @property
    def _commands(self) -> dict[str, Callable[[str | None], Awaitable[None]]]:
        mine = {"MAIL": self.smtp_MAIL, "RCPT": self.smtp_RCPT, "DATA": self.smtp_DATA}
        return {**super()._commands, **mine}

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        try:
            await self.push(self._mail(arg))
        except grammar.Refusal as refusal:
            await self.push(str(refusal))

    def _mail(self, arg: str | None) -> str:
        settings = self.reception.settings
        if not self.greeting.host_name:
            return NEED_HELLO
        if self.reception.passwords and not self.greeting.authenticated:
            return "530 5.7.0 Issue AUTH first"
        if self.draft.mail_from is not None:
            return "503 5.5.1 There is a sender already"
        sender = grammar.sender(arg, settings.max_size, extended=self.greeting.extended_smtp)
        if not grammar.allowed(sender.address, settings.allowed_senders):
            return "550 5.7.1 This sender may not send here"
        refusal = self._room(sender.announced or 0)
        if refusal is not None:
            return refusal
        self.draft.mail_from = sender.address
        self._announced = sender.announced
        return "250 2.1.0 OK"

    def _room(self, size: int) -> str | None:
        """The reply where the inbox can take nothing."""
        if self.reception.inbox.broken:
            return LATER
        try:
            self.reception.inbox.check_room(size)
        except InboxFull:
            return FULL
        return None

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        try:
            await self.push(self._recipient(arg))
        except grammar.Refusal as refusal:
            await self.push(str(refusal))

    def _recipient(self, arg: str | None) -> str:
        if not self.greeting.host_name:
            return NEED_HELLO
        if self.draft.mail_from is None:
            return "503 5.5.1 Send MAIL first"
        address = grammar.recipient(arg)
        if not grammar.allowed(address, self.reception.settings.allowed_recipients):
            return "550 5.1.1 This server takes no mail for this address"
        if len(self.draft.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        self.draft.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        refusal = self._not_yet(arg)
        if refusal is not None:
            await self.push(refusal)
            return
        try:
            incoming = self.reception.inbox.begin(self._arrival())
        except InboxFull:
            await self.push(FULL)
            return
        except InboxBroken:
            await self.push(LATER)
            return
        await self._data(incoming)

    def _not_yet(self, arg: str | None) -> str | None:
        if arg:
            return "501 5.5.4 Syntax: DATA"
        if not self.greeting.host_name:
            return NEED_HELLO
        if self.draft.mail_from is None:
            return "503 5.5.1 Send MAIL first"
        if not self.draft.rcpt_tos:
            return "503 5.5.1 Send RCPT first"
        return None

    def _arrival(self) -> Arrival:
        return Arrival(
            began_at=datetime.now(UTC),
            door="smtp",
            sender=self.draft.mail_from or "",
            recipients=tuple(self.draft.rcpt_tos),
            peer=self.peer,
            principal=self.principal,
            announced=self._announced,
        )

    async def _data(self, incoming: Incoming) -> None:
        self._receiving = True
        stored = False
        try:
            await self.push("354 End with <CRLF>.<CRLF>")
            refusal = await self._receive(incoming)
            self.wait_without_end()
            if refusal is None:
                stored = True
                refusal = await self._store(incoming)
            self.forget_mail()
            await self.push(refusal or "250 2.0.0 OK, it is durable")
        except _TooMuch:
            self.say_goodbye(f"{grammar.TOO_BIG}, goodbye\r\n".encode())
        finally:
            self._receiving = False
            if not stored:
                incoming.discard()

    async def _store(self, incoming: Incoming) -> str | None:
        try:
            await self.reception.store(incoming)
        except InboxFull:
            return FULL
        except InboxBroken:
            return LATER
        self.budget.refill()
        return None

    async def _receive(self, incoming: Incoming) -> str | None:
        """Stream the text into the file until its end; the reply where the mail is refused.

        What is refused is read to its end all the same, since the peer hears nothing before.
        """
        limit = self.reception.settings.max_size
        deadline = self.loop.time() + self.reception.settings.total_timeout
        text, size, refusal = Unstuffer(), 0, None
        while not text.ended:
            piece = text.feed(await self._piece(deadline))
            if text.ended:
                # The reader is empty since nothing was awaited, so these are its next bytes.
                self._reader.feed_data(text.rest)
            size += len(piece)
            if size + text.held > limit + _PATIENCE:
                raise _TooMuch
            if size > limit:
                refusal = grammar.TOO_BIG
            if refusal is None:
                refusal = await self._write(incoming, piece, size)
        return refusal

    async def _write(self, incoming: Incoming, piece: bytes, size: int) -> str | None:
        try:
            if size <= _SMALL:
                incoming.write(piece)
            else:
                # The kernel makes those wait who write faster than the disk: not the event loop.
                await self.loop.run_in_executor(self.reception.executor, incoming.write, piece)
        except (OSError, InboxFull) as error:
            incoming.discard()
            log.warning("a mail cannot be written: %s", error, extra={"action": "inbox_full"})
            return FULL
        return None

    async def _piece(self, deadline: float) -> bytes:
        """Whatever has come; the connection ends when nothing comes, or too slowly."""
        left = deadline - self.loop.time()
        self._reset_timeout(max(0.001, min(self.reception.settings.idle_timeout, left)))
        piece = await self._reader.read(_EVERYTHING)
        if not piece:
            raise ConnectionResetError
        return piece
