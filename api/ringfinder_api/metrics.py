"""Figures for Prometheus: requests by route and status, their seconds, the run that is served. No ids of anybody."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = (
    "PROMETHEUS_MULTIPROC_DIR"  # names the folder in which several processes keep their figures; the library reads it
)
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
        self.rings = self._gauge("ringfinder_run_rings", "Rings of the run that is served.")
        self.entities = self._gauge("ringfinder_run_entities", "Entities that the claims of that run name.")
        self.loaded_at = self._gauge("ringfinder_run_loaded_timestamp_seconds", "When that run began to be served.")

    def _gauge(self, name: str, meaning: str) -> Gauge:
        """A figure that is not added up over processes: the one that was set last counts."""
        return Gauge(name, meaning, registry=self._registry, multiprocess_mode="mostrecent")

    def text(self) -> bytes:
        """All of them, as Prometheus reads them; of all processes, where there are several."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
