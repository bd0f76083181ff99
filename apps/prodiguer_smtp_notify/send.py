"""Handing a mail to the relay."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr

from prodiguer_smtp_notify.settings import MailSettings

#: Seconds for each answer of the relay.
TIMEOUT = 15.0


def send(mail: EmailMessage, settings: MailSettings) -> None:
    """Return when the relay has taken it.

    A relay that asks for no login gets an empty envelope sender: what cannot be delivered then
    comes back to nobody, and no two robots ever answer each other. One that asks for a login
    wants to know the sender.

    Raises:
        OSError, smtplib.SMTPException: it did not take it; try again later.
    """
    with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT) as relay:
        if settings.starttls:
            relay.starttls(context=ssl.create_default_context())
        if settings.username:
            relay.login(settings.username, settings.password)
        sender = parseaddr(settings.sender)[1] if settings.username else "<>"
        relay.send_message(mail, from_addr=sender, to_addrs=list(settings.to))
