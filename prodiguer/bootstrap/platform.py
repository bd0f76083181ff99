"""The platform's resources, opened by the settings: broker, database, catalog, apps."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from prodiguer import transport
from prodiguer.app import App
from prodiguer.bootstrap.app_settings import check_app_settings
from prodiguer.bootstrap.roles import Roles
from prodiguer.config import Loaded, Settings
from prodiguer.errors import ConfigurationError
from prodiguer.ports.clock import Clock, SystemClock
from prodiguer.ports.transport import Transport
from prodiguer.runner import dead_queue, installed_apps, queue_of
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import SqlQueries, open_queries
from prodiguer.storage.store import SqlStore, open_store
from prodiguer.wire.catalog import Catalog


class Platform:
    """What every command that runs a part of the platform starts from; opens what is asked for.

    Use it in a ``with`` statement, or `close` it.

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
        self._closing: list[Callable[[], None]] = [self.roles.release]

    @cached_property
    def catalog(self) -> Catalog:
        """Every message type that is installed."""
        return Catalog.installed()

    @cached_property
    def apps(self) -> Mapping[str, App]:
        """Every app that is installed, by name.

        Raises:
            ConfigurationError: one cannot be loaded, or its section of the settings be used.
        """
        apps = installed_apps()
        check_app_settings(apps, self.settings.apps)
        return apps

    @property
    def database_url(self) -> str:
        """The configured one; empty: a file in the data directory."""
        return self.settings.database.url

    @cached_property
    def transport(self) -> Transport:
        """The broker."""
        broker = transport.connect(self.settings.broker.url, data=self.data)
        self._closing.append(broker.close)
        return broker

    @cached_property
    def store(self) -> SqlStore:
        """The database for writers; the embedded one is made or upgraded if need be."""
        if not self.database_url or self.database_url.startswith("sqlite:"):
            upgrade(self.database_url, data=self.data)
        store = open_store(self.database_url, data=self.data, clock=self.clock)
        self._closing.append(store.close)
        return store

    @cached_property
    def queries(self) -> SqlQueries:
        """The database for readers."""
        queries = open_queries(self.store.engine, types=self.catalog)
        self._closing.append(queries.close)
        return queries

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
        while self._closing:
            self._closing.pop()()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_data(self) -> None:
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigurationError(
                f"data: {self.data} cannot be made: {error.strerror}; choose one with --data"
            ) from None
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise ConfigurationError(f"data: {self.data} cannot be written; choose one with --data")
