"""What all requests of one server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from prodiguer.config import WebSettings
from prodiguer.web.api import stats
from prodiguer.web.auth import Doorman
from prodiguer.web.checks import Checks
from prodiguer.web.guard import Guard, exposed
from prodiguer.web.limits import Limits
from prodiguer.web.live.hub import Hub
from prodiguer.web.metrics import Meter
from prodiguer.web.pool import Pool
from prodiguer.web.rate import Rate
from prodiguer.web.services import Services
from prodiguer.web.shelf import Shelf


@dataclass(slots=True, kw_only=True)
class Desk:
    """Made once for a server; its counters belong to the event loop."""

    settings: WebSettings
    services: Services
    limits: Limits
    guard: Guard
    doorman: Doorman
    rate: Rate
    failures: Rate
    readers: Pool
    writers: Pool
    spoolers: Pool
    checks: Checks
    shelf: Shelf
    live: Hub
    meter: Meter = field(default_factory=Meter)
    #: Requests that are being answered.
    active: int = 0
    #: Bodies of the intake that are coming in.
    uploads: int = 0

    @classmethod
    def of(cls, settings: WebSettings, services: Services, limits: Limits, shelf: Shelf) -> Desk:
        """The one that a configuration asks for."""
        always = settings.tokens == "required" or exposed(settings)
        doorman = Doorman(services.tokens, services.tickets, services.clock, always=always)
        return cls(
            settings=settings,
            services=services,
            limits=limits,
            guard=Guard.of(settings),
            doorman=doorman,
            rate=Rate(settings.rate),
            failures=Rate(limits.failures_rate, limits.failures),
            readers=Pool("web-read", limits.readers, limits.waiting_reads),
            writers=Pool("web-write", limits.writers, limits.waiting_writes),
            spoolers=Pool("web-spool", 2, limits.uploads),
            checks=Checks(services.checks, limits.check),
            shelf=shelf,
            live=Hub(
                services.log,
                services.clock,
                limits,
                figures=lambda: stats.view(services),
                is_good=doorman.still_admits,
            ),
        )

    def close(self) -> None:
        """Wait for what the threads still do."""
        for part in (self.live, self.readers, self.writers, self.spoolers, self.checks):
            part.close()
