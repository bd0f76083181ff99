"""The apps that are installed, found by their entry points."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint, entry_points

from prodiguer.app import App
from prodiguer.errors import ConfigurationError
from prodiguer.wire import topics

GROUP = "prodiguer.apps"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
#: Queues and roles of the platform itself.
_RESERVED = frozenset({"dead", "smtp", "web", "imap"})


def installed_apps() -> dict[str, App]:
    """Every installed app by its name, in the order of names.

    Raises:
        ConfigurationError: a package cannot be imported, gives something else than an `App`, or
            its name is malformed, reserved, or taken by another; the text names the package.
    """
    apps: dict[str, App] = {}
    origins: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        if entry.name in origins:
            # One package on two paths (an editable install) is not a quarrel.
            if origins[entry.name].value == entry.value:
                continue
            raise ConfigurationError(
                f"two packages call an app {entry.name!r}: {_where(origins[entry.name])} and"
                f" {_where(entry)}; uninstall one of them"
            )
        apps[entry.name] = _load(entry)
        origins[entry.name] = entry
    return apps


def _load(entry: EntryPoint) -> App:
    try:
        app = entry.load()
    except Exception as error:
        raise ConfigurationError(
            f"app {entry.name!r} of {_where(entry)} cannot be loaded"
            f" ({type(error).__name__}: {error}); repair or uninstall that package"
        ) from error
    if not isinstance(app, App):
        raise ConfigurationError(
            f"app {entry.name!r} of {_where(entry)} is a {type(app).__name__}, not an App"
        )
    if not _NAME.fullmatch(app.name) or app.name in _RESERVED:
        raise ConfigurationError(
            f"{_where(entry)}: {app.name!r} cannot be the name of an app (lower-case words joined"
            f" by '-'; reserved: {', '.join(sorted(_RESERVED))})"
        )
    for pattern in app.bind:
        _check_filter(entry, pattern)
    if app.name != entry.name:
        raise ConfigurationError(
            f"{_where(entry)}: the entry point is called {entry.name!r}, its app {app.name!r};"
            " give both one name"
        )
    return app


def _check_filter(entry: EntryPoint, pattern: str) -> None:
    try:
        topics.check_pattern(pattern.format(mode="prod"))
    except (ValueError, LookupError) as error:
        raise ConfigurationError(f"{_where(entry)}: bind {pattern!r}: {error}") from error


def _where(entry: EntryPoint) -> str:
    package = entry.dist.name if entry.dist else "?"
    return f"package {package} ({entry.value})"
