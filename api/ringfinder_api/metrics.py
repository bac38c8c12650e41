"""Figures for Prometheus: requests by route and status, their seconds, the run that is served. No ids of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0, 60.0)


class Metrics:
    """The figures of one service, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "ringfinder_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "ringfinder_request_seconds", "Seconds to answer.", ("route",), buckets=SECONDS, registry=self._registry
        )
        self.loads = Counter("ringfinder_run_loads", "Runs loaded, by outcome.", ("outcome",), registry=self._registry)
        self.rings = Gauge("ringfinder_run_rings", "Rings of the run that is served.", registry=self._registry)
        self.entities = Gauge(
            "ringfinder_run_entities", "Entities that the claims of that run name.", registry=self._registry
        )
        self.loaded_at = Gauge(
            "ringfinder_run_loaded_timestamp_seconds", "When that run began to be served.", registry=self._registry
        )

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)
