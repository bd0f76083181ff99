"""HOST:PORT: how commands and settings say where something listens."""

from __future__ import annotations

import dataclasses

from prodiguer.config import Loaded
from prodiguer.errors import ConfigurationError


def address(text: str, option: str) -> tuple[str, int]:
    """HOST:PORT, with brackets around an IPv6 address.

    Raises:
        ConfigurationError: it is not that; the text names the option.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ConfigurationError(f"{option}: {text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def listening(loaded: Loaded, *, smtp: str | None, web: str | None) -> Loaded:
    """The same configuration, its doors where the options of a command say.

    Args:
        loaded: what the file and the environment say.
        smtp: HOST:PORT of the door for mails.
        web: HOST:PORT of the web server.
    """
    settings = loaded.settings
    if smtp:
        host, port = address(smtp, "--smtp")
        door = dataclasses.replace(settings.smtp, host=host, port=port)
        settings = dataclasses.replace(settings, smtp=door)
    if web:
        host, port = address(web, "--web")
        server = dataclasses.replace(settings.web, host=host, port=port)
        settings = dataclasses.replace(settings, web=server)
    return dataclasses.replace(loaded, settings=settings)
