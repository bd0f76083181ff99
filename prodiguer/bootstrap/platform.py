"""The platform's resources, opened by the settings: broker, database, catalog, apps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from prodiguer import storage, transport
from prodiguer.app import App
from prodiguer.bootstrap.roles import Roles
from prodiguer.config import Loaded, Settings
from prodiguer.errors import ConfigurationError
from prodiguer.ports.clock import Clock, SystemClock
from prodiguer.ports.transport import Transport
from prodiguer.runner import dead_queue, installed_apps, queue_of
from prodiguer.wire.catalog import Catalog


class Platform:
    """What every command that runs a part of the platform starts from.

    Args:
        loaded: the configuration.
        clock: where the time comes from.
    """

    def __init__(self, loaded: Loaded, clock: Clock | None = None) -> None:
        self.loaded = loaded
        self.settings: Settings = loaded.settings
        self.clock = clock or SystemClock()
        self.data = Path(self.settings.data).absolute()
        self._make_data()
        self.roles = Roles(self.data)
        self.catalog = Catalog.installed()
        self.apps: Mapping[str, App] = installed_apps()
        self._transport: Transport | None = None
        self._store: storage.Database | None = None

    @property
    def database_url(self) -> str:
        """The configured one, else SQLite in the data directory."""
        return self.settings.database.url or f"sqlite:///{self.data / 'prodiguer.db'}"

    @property
    def transport(self) -> Transport:
        """The broker, opened when it is first needed."""
        if self._transport is None:
            self._transport = transport.connect(self.settings.broker.url, data=self.data)
        return self._transport

    @property
    def database(self) -> storage.Database:
        """The database, opened when it is first needed; the embedded one is made if need be."""
        if self._store is None:
            if self.database_url.startswith("sqlite:"):
                storage.upgrade(self.database_url)
            self._store = storage.open_database(self.database_url)
        return self._store

    def declare(self) -> None:
        """Make exchanges, queues and bindings of every installed app, running or not."""
        mode = self.settings.mode
        queues = [queue_of(app, mode) for app in self.apps.values()]
        self.transport.declare([*queues, dead_queue(mode)])

    def named(self, names: tuple[str, ...]) -> list[App]:
        """Apps by name.

        Raises:
            ConfigurationError: one is not installed; the text lists those that are.
        """
        unknown = [name for name in names if name not in self.apps]
        if unknown:
            known = ", ".join(sorted(self.apps))
            raise ConfigurationError(f"no app {unknown[0]!r} is installed; there are: {known}")
        return [self.apps[name] for name in dict.fromkeys(names)]

    def close(self) -> None:
        """Close what was opened, in the opposite order."""
        for resource in (self._store, self._transport):
            if resource is not None:
                resource.close()
        self._store = self._transport = None
        self.roles.release()

    def _make_data(self) -> None:
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigurationError(
                f"data: {self.data} cannot be made: {error.strerror}; choose one with --data"
            ) from None
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise ConfigurationError(f"data: {self.data} cannot be written; choose one with --data")
