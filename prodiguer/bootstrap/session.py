"""A process at work: the doors and apps that it was asked to run, from start to drained end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from prodiguer import __version__
from prodiguer.app import App
from prodiguer.bootstrap.consumers import Worker
from prodiguer.bootstrap.figures import Speedometer
from prodiguer.bootstrap.housekeeping import Housekeeper
from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.rebuilding import check_finished
from prodiguer.errors import Unavailable
from prodiguer.ingest.inbox import Inbox
from prodiguer.ingest.intake import HttpIntake
from prodiguer.ingest.pump import Pump
from prodiguer.ingest.smtp import SmtpDoor
from prodiguer.runner import LARGEST
from prodiguer.web.server import WebServer
from prodiguer.web.services import Services


class Session:
    """Doors and apps in one process.

    Args:
        platform: the resources; the caller closes it after `stop`.
        apps: the consumers to run.
        smtp: open the door for mails and publish what they carry.
        web: serve HTTP.
        batch: messages in one transaction of an app, at most.
    """

    def __init__(
        self,
        platform: Platform,
        apps: Sequence[App],
        *,
        smtp: bool = False,
        web: bool = False,
        batch: int = LARGEST,
    ) -> None:
        self._platform = platform
        self._apps = list(apps)
        self._batch = batch
        self._with_smtp, self._with_web = smtp, web
        self._workers: list[Worker] = []
        self._door: SmtpDoor | None = None
        self._pump: Pump | None = None
        self._web: WebServer | None = None
        self._intake: HttpIntake | None = None
        self._housekeeper = Housekeeper(platform)
        self._woken = threading.Event()
        self._began = time.monotonic()

    @property
    def smtp_address(self) -> tuple[str, int]:
        """Where mails are taken."""
        if self._door is None:
            raise Unavailable("this process takes no mails")
        return self._door.address

    @property
    def url(self) -> str:
        """Where HTTP is served."""
        if self._web is None:
            raise Unavailable("this process serves no HTTP")
        host, port = self._web.address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def addresses(self) -> list[str]:
        """What there is to say to the user once all runs."""
        lines = []
        if self._door:
            host, port = self._door.address
            lines.append(f"mails: {host}:{port}")
        if self._web:
            lines.append(f"HTTP: {self.url}")
        if self._workers:
            lines.append(f"apps: {', '.join(worker.name for worker in self._workers)}")
        return lines

    def start(self) -> None:
        """Take the roles, then start the consumers, then open the doors.

        Raises:
            NotAllowed: a rebuild was broken off, or another process has one of the roles or the
                web server's address.
            ConfigurationError: the address for mails is taken, or a door would stand open.
        """
        platform = self._platform
        platform.roles.take(self._roles(), self._shared())
        check_finished(platform)
        platform.declare()
        self._workers = [Worker(platform, app, self._batch) for app in self._apps]
        for worker in self._workers:
            worker.start(self._woken)
        inbox = Inbox(platform.data / "inbox")
        if self._with_smtp:
            self._start_smtp(inbox)
        self._housekeeper.start()
        if self._with_web:
            self._web = WebServer(platform.settings.web, self._services(inbox))
            self._web.start()

    def wait(self, stop: threading.Event) -> str | None:
        """Until ``stop`` is set or a part ends by itself; why it did."""
        while not stop.wait(0.2):
            if self._woken.is_set():
                return next((w.failure for w in self._workers if w.failure), None)
        return None

    def stop(self) -> None:
        """Close the doors, let the pump and the apps finish what they are at."""
        for part in (self._web, self._door, self._pump):
            if part is not None:
                part.stop()
        if self._intake:
            self._intake.close()
        self._housekeeper.stop()
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.join()

    def figures(self) -> Mapping[str, Mapping[str, Any]]:
        """What each part did."""
        parts: dict[str, Mapping[str, Any]] = {}
        if self._door:
            parts["smtp"] = self._door.statistics.as_dict()
        if self._pump:
            parts["pump"] = self._pump.statistics.as_dict()
        apps = {worker.name: worker.runner.statistics.as_dict() for worker in self._workers}
        door, pump = parts.get("smtp", {}), parts.get("pump", {})
        refused = sum(each["dead_letters"] for each in apps.values())
        total = {
            "duration": f"{time.monotonic() - self._began:.1f} s",
            "connects": door.get("connections", 0),
            "mails": door.get("mails", 0),
            "messages": pump.get("messages", 0),
            "bytes": door.get("bytes", 0),
            "dead letters": int(pump.get("dead", 0) + refused),
        }
        return {"session": total, **parts, **apps}

    def _roles(self) -> list[str]:
        doors = ["smtp"] * self._with_smtp + ["web"] * self._with_web
        return [*doors, *(app.name for app in self._apps)]

    def _shared(self) -> list[str]:
        # Web servers alone keep nothing to themselves: there may be any number of them.
        return ["web"] if not self._with_smtp and not self._apps else []

    def _start_smtp(self, inbox: Inbox) -> None:
        platform = self._platform
        self._pump = Pump(
            inbox,
            platform.transport.publisher,
            platform.store,
            platform.catalog,
            platform.clock,
            platform.settings.mode,
            platform.settings.smtp.account,
        )
        self._pump.start()
        self._door = SmtpDoor(platform.settings.smtp, inbox)
        self._door.start()

    def _services(self, inbox: Inbox) -> Services:
        platform = self._platform
        self._intake = HttpIntake(
            platform.transport.publisher,
            platform.store,
            platform.catalog,
            platform.settings.mode,
            platform.queries.known_messages,
        )
        return Services(
            queries=platform.queries,
            intake=self._intake,
            dead_letters=platform.store.dead_letters,
            tokens=platform.store.tokens,
            log=platform.queries.log,
            tickets=platform.store.tickets,
            queues=platform.transport.status,
            spooled=inbox.count,
            figures=Speedometer(platform.queries),
            version=__version__,
            checks=self._checks(),
            clock=platform.clock,
        )

    def _checks(self) -> Mapping[str, Callable[[], None]]:
        platform = self._platform
        checks = {"broker": platform.transport.ping, "database": platform.store.ping}
        if self._door:
            checks["smtp"] = self._door.check
        return checks | {f"app {worker.name}": worker.check for worker in self._workers}
