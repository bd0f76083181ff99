"""What this process counts of itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from prodiguer.errors import Unavailable

if TYPE_CHECKING:
    from prodiguer.web.services import Services

MEDIA = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meter:
    """Counts requests; has a registry of its own, so that two servers of a process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "prodiguer_http_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "prodiguer_http_request_seconds",
            "From a request's head to the end of its answer",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def watch_live(self, clients: Callable[[], int]) -> None:
        """Show how many live clients there are; asked whenever the figures are."""
        gauge = Gauge("prodiguer_live_clients", "Live connections", registry=self._registry)
        gauge.set_function(clients)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note a request.

        The route is that of the table, never the path itself: paths would make series for ever.
        """
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, services: Services) -> bytes:
        """All figures in Prometheus' text format."""
        platform = CollectorRegistry()
        platform.register(_Platform(services))
        return generate_latest(self._registry) + generate_latest(platform)


class _Platform(Collector):
    """What broker and database hold, read when asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> list[Metric]:
        # Without it the registry would ask for the figures at registration as well.
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("prodiguer_up", "Whether it answers", labels=("service",))
        for name, part in (("broker", self._broker), ("database", self._database)):
            try:
                families = part()
            except Unavailable:
                families = []
            up.add_metric((name,), 1.0 if families else 0.0)
            yield from families
        yield up
        yield GaugeMetricFamily(
            "prodiguer_spooled",
            "Mails and bodies stored and not yet published",
            value=self._services.spooled(),
        )

    def _broker(self) -> list[Metric]:
        ready = GaugeMetricFamily("prodiguer_queue_ready", "Messages waiting", labels=("queue",))
        unacked = GaugeMetricFamily(
            "prodiguer_queue_unacked", "Messages taken and not acknowledged", labels=("queue",)
        )
        consumers = GaugeMetricFamily("prodiguer_queue_consumers", "Consumers", labels=("queue",))
        age = GaugeMetricFamily(
            "prodiguer_queue_oldest_seconds", "Age of the oldest message", labels=("queue",)
        )
        for queue in self._services.queues():
            label = (queue.name,)
            ready.add_metric(label, queue.ready)
            unacked.add_metric(label, queue.unacked)
            consumers.add_metric(label, queue.consumers)
            age.add_metric(label, queue.oldest_age or 0.0)
        return [ready, unacked, consumers, age]

    def _database(self) -> list[Metric]:
        rows = GaugeMetricFamily("prodiguer_rows", "Rows of the database", labels=("kind",))
        for kind, count in self._services.queries.counts().items():
            rows.add_metric((kind,), count)
        return [rows]
