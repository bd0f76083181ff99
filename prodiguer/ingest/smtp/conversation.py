"""One connection: its command lines, their budget, its timeouts.

`aiosmtpd.smtp.SMTP` gives the plumbing between asyncio and the coroutine of a connection, and
STARTTLS. Its own command loop takes lines that end with LF, has no bound on a line without one,
and shows exceptions to the peer with a permanent 500, so the loop here is ours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiosmtpd.smtp import SMTP, Envelope, Session, TLSSetupException

from prodiguer.ingest.smtp.budget import Budget
from prodiguer.ingest.smtp.reception import Reception

log = logging.getLogger(__name__)

#: Bytes of a command line with its CRLF (RFC 5321, with what SIZE, BODY and AUTH add).
_LINE_LIMITS = {"MAIL": 1024, "RCPT": 1024, "AUTH": 12_288}
_LINE_LIMIT = 512
_BEFORE_TLS = {"EHLO", "HELO", "NOOP", "RSET", "STARTTLS", "QUIT"}

LATER = "451 4.3.0 Not now, try again later"
TIMED_OUT = b"421 4.4.2 Too slow, goodbye\r\n"
STOPPING = b"421 4.3.2 The server is stopping, try again later\r\n"
TOO_MANY = b"421 4.7.0 Too many connections, try again later\r\n"

#: Seconds that a peer has to take the last reply before its connection is cut.
_LINGER = 5.0


class _NoHooks:
    """aiosmtpd asks a handler for hooks; ours are methods."""


class _NotSmtp(Exception):
    """The first bytes are of another protocol."""


class Conversation(SMTP):
    """The command loop, and the commands that touch no mail."""

    #: aiosmtpd gives it to the stream reader, which stops reading the socket at twice as much.
    line_length_limit = 65_536

    def __init__(self, reception: Reception, loop: asyncio.AbstractEventLoop) -> None:
        self.reception = reception
        self.budget = Budget()
        self._admitted: str | None = None
        self._first = True
        self._receiving = False
        super().__init__(
            _NoHooks(),
            data_size_limit=reception.settings.max_size,
            hostname=reception.hostname,
            ident="ESMTP prodiguer",
            tls_context=reception.tls,
            require_starttls=reception.require_tls,
            timeout=reception.settings.idle_timeout,
            loop=loop,
        )

    # -- the life of a connection

    @property
    def greeting(self) -> Session:
        """What the peer said of itself; anew behind STARTTLS."""
        if self.session is None:
            raise AttributeError("there is no connection yet")
        return self.session

    @property
    def draft(self) -> Envelope:
        """What MAIL and RCPT have said so far."""
        if self.envelope is None:
            raise AttributeError("there is no connection yet")
        return self.envelope

    def forget_mail(self) -> None:
        """Back to before MAIL."""
        self.envelope = self._create_envelope()

    @property
    def peer(self) -> str:
        """The address of the other side."""
        peer = self.session.peer if self.session else None
        return str(peer[0]) if peer else "unknown"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        again = self.transport is not None  # behind STARTTLS, where all starts anew
        if not again:
            self._enter(transport)
        super().connection_made(transport)

    def _enter(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else "unknown"
        self.reception.statistics.connections += 1
        if self.reception.census.admit(address):
            self._admitted = address
            self.reception.conversations.add(self)
        else:
            self.reception.statistics.turned_away += 1

    def connection_lost(self, error: Exception | None) -> None:
        if self._admitted is not None:
            self.reception.census.leave(self._admitted)
            self._admitted = None
        self.reception.conversations.discard(self)
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Half a connection is none: a peer that says no more hears no more."""
        super().eof_received()
        return False

    def wait_without_end(self) -> None:
        """The next step is ours, not the peer's: no timeout until the next command."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()

    def _timeout_cb(self) -> None:
        log.info("timed out", extra={"action": "smtp_timeout", "peer": self.peer})
        self.say_goodbye(TIMED_OUT)

    def hurry(self) -> None:
        """The door is closing: end now, or after the mail that is being received."""
        if not self._receiving:
            self.say_goodbye(STOPPING)

    def say_goodbye(self, reply: bytes) -> None:
        """Send a last reply and close; cut the line if the peer does not take it."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        self._count(reply)
        self._writer.write(reply)
        transport.close()
        self.loop.call_later(_LINGER, self.cut)

    def cut(self) -> None:
        """End at once, whether the peer has taken the last reply or not."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def push(self, status: str | bytes) -> None:
        self._count(status)
        await super().push(status if isinstance(status, bytes) else status.encode("ascii"))

    def _count(self, reply: str | bytes) -> None:
        code = reply[:3] if isinstance(reply, str) else reply[:3].decode("ascii")
        if code[0] in "45":
            self.reception.statistics.refusals[code] += 1

    # -- the command loop

    async def _handle_client(self) -> None:
        if self._admitted is None:
            self.say_goodbye(TOO_MANY)
            return
        try:
            await self.push(f"220 {self.hostname} {self.__ident__}")
            while self.transport is not None and not self.transport.is_closing():
                await self._turn()
        except (ConnectionError, asyncio.IncompleteReadError):
            self._writer.close()
        except TLSSetupException as error:
            log.info("TLS failed", extra={"action": "smtp_tls", "peer": self.peer})
            self.cut()
            self.connection_lost(error)

    async def _turn(self) -> None:
        """Take one command and answer it, whatever happens."""
        if self.reception.stopping:
            self.say_goodbye(STOPPING)
            return
        self._reset_timeout()
        try:
            line = await self._read_line()
        except asyncio.LimitOverrunError:
            self.say_goodbye(b"500 5.5.2 Line too long, goodbye\r\n")
            return
        except _NotSmtp:
            self.say_goodbye(b"500 5.5.2 This is SMTP, goodbye\r\n")
            return
        try:
            await self._obey(line)
        except (ConnectionError, TLSSetupException):
            raise
        except Exception:
            # A reply never shows what went wrong inside, and never tells a relay to give up.
            log.exception("a command failed", extra={"action": "smtp_error", "peer": self.peer})
            await self.push(LATER)

    async def _read_line(self) -> bytes:
        first = b""
        if self._first:
            first = await self._reader.readexactly(1)
            self._first = False
            # A TLS hello, a PROXY header of version 2 or noise: no reason to wait for a line.
            if not first.isalpha():
                raise _NotSmtp
        return first + await self._reader.readuntil(b"\n")

    async def _obey(self, line: bytes) -> None:
        verb, argument = _split(line)
        action = self._commands.get(verb)
        if verb == "PROXY":
            # Only a trusted proxy may say who the peer is, and none is configured.
            self.say_goodbye(b"500 5.5.1 No PROXY header here, goodbye\r\n")
        elif action is None or not _well_formed(line):
            await self._bogus("500 5.5.2 Not a command of this server")
        elif len(line) > _LINE_LIMITS.get(verb, _LINE_LIMIT):
            await self._bogus("500 5.5.2 Command line too long")
        elif not self.budget.spend(verb):
            self.say_goodbye(b"421 4.7.0 Too many commands without a mail, goodbye\r\n")
        elif self.require_starttls and not self._tls_protocol and verb not in _BEFORE_TLS:
            await self.push("530 5.7.0 Issue STARTTLS first")
        else:
            await action(argument)

    async def _bogus(self, reply: str) -> None:
        if self.budget.spend_bogus():
            await self.push(reply)
        else:
            self.say_goodbye(b"500 5.5.2 Too many lines that are no commands, goodbye\r\n")

    # -- commands

    @property
    def _commands(self) -> dict[str, Callable[[str | None], Awaitable[None]]]:
        return {
            "EHLO": self.smtp_EHLO,
            "HELO": self.smtp_HELO,
            "NOOP": self.smtp_NOOP,
            "RSET": self.smtp_RSET,
            "QUIT": self.smtp_QUIT,
            "HELP": self.smtp_HELP,
            "VRFY": self.smtp_VRFY,
            "EXPN": self.smtp_EXPN,
            "STARTTLS": self.smtp_STARTTLS,
        }

    def extensions(self) -> list[str]:
        """What EHLO offers, a line each."""
        offers = [f"SIZE {self.data_size_limit}", "8BITMIME", "PIPELINING"]
        if self.tls_context and not self._tls_protocol:
            offers.append("STARTTLS")
        return [*offers, "HELP"]

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not hostname:
            await self.push("501 5.5.4 Syntax: EHLO hostname")
            return
        self.forget_mail()
        self.greeting.extended_smtp = True
        self.greeting.host_name = hostname
        lines = [self.hostname, *self.extensions()]
        joined = "\r\n".join(f"250-{line}" for line in lines[:-1])
        await self.push(f"{joined}\r\n250 {lines[-1]}")

    async def smtp_HELP(self, arg: str | None) -> None:  # noqa: ARG002, N802 - aiosmtpd's signature
        await self.push("214 2.0.0 " + " ".join(sorted(self._commands)))

    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if arg:
            await self.push("252 2.1.5 Send a mail and see")
        else:
            await self.push("501 5.5.4 Syntax: VRFY address")

    async def smtp_EXPN(self, arg: str | None) -> None:  # noqa: ARG002, N802 - aiosmtpd's signature
        await self.push("502 5.5.1 There are no lists here")

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if arg:
            await self.push("501 5.5.4 Syntax: STARTTLS")
        elif not self.tls_context:
            await self.push("502 5.5.1 TLS is not configured here")
        elif self._tls_protocol:
            await self.push("503 5.5.1 TLS is on already")
        else:
            await super().smtp_STARTTLS(arg)


def _split(line: bytes) -> tuple[str, str | None]:
    """The verb and its argument; Latin-1, so that each byte stays one character."""
    verb, _, argument = line.rstrip(b"\r\n").decode("latin-1").partition(" ")
    return verb.upper(), argument.strip(" ") or None


def _well_formed(line: bytes) -> bool:
    """CRLF at the end and nowhere else, no NUL."""
    return line.endswith(b"\r\n") and not {0, 10, 13}.intersection(line[:-2])
