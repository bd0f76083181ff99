"""Options of a command that stand above the configuration."""

from __future__ import annotations

import dataclasses

from prodiguer.config import Loaded


def with_addresses(
    loaded: Loaded, *, smtp: tuple[str, int] | None = None, web: tuple[str, int] | None = None
) -> Loaded:
    """The same configuration, listening elsewhere."""
    settings = loaded.settings
    if smtp:
        door = dataclasses.replace(settings.smtp, host=smtp[0], port=smtp[1])
        settings = dataclasses.replace(settings, smtp=door)
    if web:
        pages = dataclasses.replace(settings.web, host=web[0], port=web[1])
        settings = dataclasses.replace(settings, web=pages)
    return dataclasses.replace(loaded, settings=settings)
