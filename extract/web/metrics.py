"""What the service counts, for Prometheus. Labels are routes and names, never contents."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one application; two applications in one process stay apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "imr_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "imr_http_request_seconds",
            "Seconds from request to answer.",
            ("route",),
            registry=self.registry,
            buckets=_BUCKETS_S,
        )
        self.in_flight = Gauge(
            "imr_extractions_in_flight",
            "Extractions at work or waiting.",
            registry=self.registry,
        )
        self.letters = Counter(
            "imr_letters",
            "Letters by method and result: `extracted`, or the failure's name.",
            ("method", "result"),
            registry=self.registry,
        )
        self.worker_deaths = Counter(
            "imr_worker_deaths",
            "Parsing processes that died or were ended for taking too long.",
            ("cause",),
            registry=self.registry,
        )

    def render(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)
