"""The sections ``[apps.NAME]``: each must be of an app that is installed, and to its liking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prodiguer.app import App
from prodiguer.errors import ConfigurationError, ProdiguerError


def check_app_settings(apps: Mapping[str, App], sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Return when every section can be used.

    Raises:
        ConfigurationError: a section of no app, or one that its app refuses.
    """
    for name in sections:
        if name not in apps:
            known = ", ".join(sorted(apps))
            raise ConfigurationError(f"[apps.{name}]: there is no such app; there are: {known}")
    for name, app in apps.items():
        if app.check is not None:
            try:
                app.check(sections.get(name, {}))
            except (ProdiguerError, ValueError) as error:
                raise ConfigurationError(f"[apps.{name}]: {error}") from None
