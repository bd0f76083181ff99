"""The section ``[apps.smtp-notify]``: whom to write to, and through which server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodiguer import ProdiguerError

OPTIONS = ("to", "from", "host", "port", "starttls", "username", "password_file")

#: Relays bound the recipients of a mail; more people than that want a list of their own.
MOST_ADDRESSES = 100

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How to send.

    ``password_file`` is read at each mail, so that a new password needs no restart.
    """

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    starttls: bool
    username: str
    password_file: str

    @property
    def password(self) -> str:
        """The first line of the file.

        Raises:
            OSError: it cannot be read.
            ProdiguerError: others than its owner can read it.
        """
        path = Path(self.password_file)
        if path.stat().st_mode & 0o077:
            raise ProdiguerError(
                f"apps.smtp-notify.password_file: {path} is open to others: run `chmod 600 {path}`"
            )
        return path.read_text(encoding="utf-8").partition("\n")[0].strip()


def is_configured(settings: Mapping[str, Any]) -> bool:
    """Somebody wants mails."""
    return bool(settings.get("to"))


def check(settings: Mapping[str, Any]) -> None:
    """Before anything runs: no mail is missed for a typing error.

    Raises:
        ProdiguerError: an option that there is not, or a value that cannot be used.
    """
    unknown = sorted(set(settings) - set(OPTIONS))
    if unknown:
        raise ProdiguerError(
            f"unknown setting apps.smtp-notify.{unknown[0]}; valid ones are: {', '.join(OPTIONS)}"
        )
    mail_settings(settings)


def mail_settings(settings: Mapping[str, Any]) -> MailSettings:
    """All of the section, with its defaults: a relay on this machine without login.

    Raises:
        ProdiguerError: an address in ``to`` or ``from`` is none, the port is no number.
    """
    to = settings.get("to", ())
    addresses = to.split(",") if isinstance(to, str) else to
    if len(addresses) > MOST_ADDRESSES:
        raise ProdiguerError(
            f"apps.smtp-notify.to: {len(addresses)} addresses, at most {MOST_ADDRESSES}: "
            "make a mailing list of them"
        )
    return MailSettings(
        to=tuple(_address("to", one) for one in addresses),
        sender=_address("from", settings.get("from") or "prodiguer@localhost"),
        host=str(settings.get("host") or "127.0.0.1"),
        port=_port(settings.get("port") or 25),
        starttls=str(settings.get("starttls", False)).lower() in ("true", "1", "yes"),
        username=str(settings.get("username") or ""),
        password_file=str(settings.get("password_file") or ""),
    )


def _port(value: Any) -> int:
    if not str(value).isdecimal() or not 0 < int(value) < 1 << 16:
        raise ProdiguerError(f"apps.smtp-notify.port: {value!r} is no port")
    return int(value)


def _address(option: str, value: Any) -> str:
    """One address alone, without a name: nothing in it can start a header or a second address."""
    address = str(value).strip()
    if _ADDRESS.fullmatch(address) is None:
        raise ProdiguerError(
            f"apps.smtp-notify.{option}: {address!r} is no mail address such as a@example.org"
        )
    return address
