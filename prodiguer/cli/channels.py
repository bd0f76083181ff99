"""The configured way to send."""

from __future__ import annotations

import os

from prodiguer.cli.addresses import address
from prodiguer.cli.state import State
from prodiguer.client.channels import HttpChannel, MailChannel
from prodiguer.config import SendSettings
from prodiguer.config.load import read_secret
from prodiguer.errors import ConfigurationError

#: What helps where the platform asks for a token.
REMEDY = "give a token of scope `ingest` in $PRODIGUER_TOKEN, or send.token_file"


def channel(state: State) -> HttpChannel | MailChannel:
    """The channel that ``[send]`` names."""
    settings = state.load().settings.send
    if settings.channel == "http":
        return HttpChannel(state.api, _token(settings))
    if settings.channel == "mail":
        return mail_channel(settings)
    raise ConfigurationError(f"send.channel: {settings.channel!r} is neither `http` nor `mail`")


def mail_channel(settings: SendSettings) -> MailChannel:
    """The channel for mails, whatever the configured one is."""
    host, port = address(settings.smtp, "send.smtp")
    return MailChannel(host, port, settings.sender, settings.recipient)


def _token(settings: SendSettings) -> str:
    if settings.token_file:
        return read_secret(settings.token_file, "send.token_file")
    return os.environ.get("PRODIGUER_TOKEN", "")
