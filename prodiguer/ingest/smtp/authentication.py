"""AUTH PLAIN and LOGIN, where a file of passwords is configured."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from collections.abc import Awaitable, Callable

from prodiguer.ingest.smtp.conversation import Conversation

log = logging.getLogger(__name__)

#: Wrong passwords of one connection before it is closed.
_TRIES = 3
#: Seconds before a wrong password is answered.
_DELAY = 1.0


class _Refused(Exception):
    """The exchange ends here; the text is the reply."""


class Authentication(Conversation):
    """A conversation whose peer may prove its name."""

    _wrong = 0
    _principal: str | None = None

    @property
    def principal(self) -> str | None:
        """Who proved its name; None before that, and where nobody is asked."""
        return self._principal if self.greeting.authenticated else None

    @property
    def _commands(self) -> dict[str, Callable[[str | None], Awaitable[None]]]:
        return {**super()._commands, "AUTH": self.smtp_AUTH}

    def extensions(self) -> list[str]:
        offers = super().extensions()
        return ["AUTH PLAIN LOGIN", *offers] if self._may_login() else offers

    def _may_login(self) -> bool:
        """Passwords never travel in clear where TLS can be had."""
        return bool(self.reception.passwords and (self._tls_protocol or not self.tls_context))

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        try:
            await self._authenticate_peer((arg or "").split())
        except _Refused as refusal:
            await self.push(str(refusal))

    async def _authenticate_peer(self, words: list[str]) -> None:
        if self.reception.passwords is None:
            raise _Refused("502 5.5.1 AUTH is not configured here")
        if not self._may_login():
            raise _Refused("538 5.7.11 Issue STARTTLS first")
        if not self.greeting.host_name or not self.greeting.extended_smtp:
            raise _Refused("503 5.5.1 Send EHLO first")
        if self.greeting.authenticated or self.draft.mail_from is not None:
            raise _Refused("503 5.5.1 Not now")
        if not 1 <= len(words) <= 2:
            raise _Refused("501 5.5.4 Syntax: AUTH PLAIN|LOGIN [initial response]")
        exchanges = {"PLAIN": self._plain, "LOGIN": self._login}
        exchange = exchanges.get(words[0].upper())
        if exchange is None:
            raise _Refused("504 5.5.4 AUTH PLAIN and LOGIN only")
        name, password = await exchange(words[1] if len(words) == 2 else None)
        await self._check(name, password)

    async def _plain(self, initial: str | None) -> tuple[bytes, bytes]:
        text = _decode(initial) if initial is not None else await self._ask("")
        parts = text.split(b"\0")
        if len(parts) != 3 or not parts[1]:
            raise _Refused("501 5.5.2 AUTH PLAIN takes [identity] NUL name NUL password")
        return parts[1], parts[2]

    async def _login(self, initial: str | None) -> tuple[bytes, bytes]:
        name = _decode(initial) if initial is not None else await self._ask("Username:")
        if not name:
            raise _Refused("501 5.5.2 The name is empty")
        return name, await self._ask("Password:")

    async def _ask(self, challenge: str) -> bytes:
        await self.push("334 " + base64.b64encode(challenge.encode()).decode())
        line = await self._read_line()
        text = line.rstrip(b"\r\n").decode("latin-1")
        if text == "*":
            raise _Refused("501 5.7.0 AUTH ended by the client")
        return _decode(text)

    async def _check(self, name: bytes, password: bytes) -> None:
        passwords = self.reception.passwords
        text = name.decode("latin-1")
        if passwords is None or not await self.loop.run_in_executor(
            self.reception.executor, passwords.check, text, password
        ):
            await self._wrong_password()
            return
        self.greeting.authenticated = True
        self._principal = text
        await self.push("235 2.7.0 Welcome")

    async def _wrong_password(self) -> None:
        self._wrong += 1
        log.warning("wrong password", extra={"action": "smtp_auth_failed", "peer": self.peer})
        await asyncio.sleep(_DELAY)
        if self._wrong >= _TRIES:
            self.say_goodbye(b"535 5.7.8 Wrong name or password, goodbye\r\n")
        else:
            await self.push("535 5.7.8 Wrong name or password")


def _decode(text: str) -> bytes:
    if text == "=":  # RFC 4954: an empty initial response
        return b""
    try:
        return base64.b64decode(text.encode("latin-1"), validate=True)
    except (binascii.Error, ValueError):
        raise _Refused("501 5.5.2 Not base64") from None
