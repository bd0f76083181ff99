"""What the environment of a job says about the way to the platform.

| variable | meaning |
|---|---|
| ``PRODIGUER_SMTP`` | HOST:PORT of the platform's door for mails, or of a relay |
| ``PRODIGUER_URL`` | the platform's HTTP address; where both are given, mails are sent |
| ``PRODIGUER_SPOOL`` | directory where messages wait; below ``~/.local/state`` by default |
| ``PRODIGUER_MAIL_FROM``, ``PRODIGUER_MAIL_TO`` | the addresses of the mails |
| ``PRODIGUER_TOKEN``, ``PRODIGUER_TOKEN_FILE`` | an API token, where the platform asks for one |
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from prodiguer.client.channels import Channel, HttpChannel, MailChannel

ADDRESS = "prodiguer@localhost"
SMTP_PORT = 25


def configured(environ: Mapping[str, str]) -> bool:
    """Whether anybody wants to hear of this job."""
    return reaches(environ) or bool(environ.get("PRODIGUER_SPOOL"))


def reaches(environ: Mapping[str, str]) -> bool:
    """Whether this job sends; where only a spool is named, somebody else flushes it."""
    return bool(environ.get("PRODIGUER_SMTP") or environ.get("PRODIGUER_URL"))


def channel(environ: Mapping[str, str]) -> Channel:
    """The way to the platform.

    Raises:
        ValueError: a variable makes no sense, or no way is named; the text says which.
        OSError: the file with the token cannot be read.
    """
    if smtp := environ.get("PRODIGUER_SMTP"):
        host, port = _address(smtp)
        sender = environ.get("PRODIGUER_MAIL_FROM") or ADDRESS
        return MailChannel(host, port, sender, environ.get("PRODIGUER_MAIL_TO") or ADDRESS)
    if url := environ.get("PRODIGUER_URL"):
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"PRODIGUER_URL={url}: this is no http or https address")
        return HttpChannel(url, _token(environ))
    raise ValueError("neither PRODIGUER_SMTP nor PRODIGUER_URL is set")


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, SMTP_PORT
    if not host or not port.isdigit():
        raise ValueError(f"PRODIGUER_SMTP={text}: this is not HOST:PORT")
    return host.strip("[]"), int(port)


def _token(environ: Mapping[str, str]) -> str:
    if file := environ.get("PRODIGUER_TOKEN_FILE"):
        return Path(file).read_text("utf-8").strip()
    return environ.get("PRODIGUER_TOKEN", "")
