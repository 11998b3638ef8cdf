"""Numbers for Prometheus, read from the store when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from support_policy.store.backlog import Tally
from support_policy.store.database import StoreUnavailableError


class Tallied(Collector):
    """The store's numbers: all processes that share it tell the same."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        """Each number with its labels."""
        yield self._deliveries()
        yield self._swept()
        yield self._not_kept()
        yield self._newest()
        yield self._paid_help()

    def _deliveries(self) -> Metric:
        what = "Deliveries kept, by help desk, by how they came, and by how far they are."
        family = GaugeMetricFamily(
            "support_policy_deliveries", what, labels=("desk", "origin", "state")
        )
        for labels, count in sorted(self._tally.deliveries.items()):
            family.add_metric(labels, count)
        return family

    def _swept(self) -> Metric:
        """Also by itself, for it is the number to alarm on: webhooks that never came."""
        what = "Tickets that a sweep found before their webhook came, if it ever did."
        family = GaugeMetricFamily("support_policy_lost_webhooks", what, labels=("desk",))
        found = dict.fromkeys((desk for desk, _, _ in self._tally.deliveries), 0)
        for (desk, origin, _), count in self._tally.deliveries.items():
            found[desk] += count if origin == "sweep" else 0
        for desk, count in sorted(found.items()):
            family.add_metric((desk,), count)
        return family

    def _not_kept(self) -> Metric:
        what = "Decisions of which the help desk did not keep something as asked."
        family = GaugeMetricFamily("support_policy_not_kept", what, labels=("desk",))
        for desk, count in sorted(self._tally.not_kept.items()):
            family.add_metric((desk,), count)
        return family

    def _newest(self) -> Metric:
        what = "When the newest delivery was received, in seconds since 1970."
        name = "support_policy_newest_delivery_timestamp_seconds"
        family = GaugeMetricFamily(name, what, labels=("desk",))
        for desk, at in sorted(self._tally.newest.items()):
            family.add_metric((desk,), at.timestamp())
        return family

    def _paid_help(self) -> Metric:
        what = "Tickets on which a request for permission waits, or paid work goes on."
        family = GaugeMetricFamily("support_policy_paid_help", what, labels=("desk",))
        for desk, count in sorted(self._tally.paid_help.items()):
            family.add_metric((desk,), count)
        return family


def add_metrics(app: Flask, tally: Callable[[], Tally]) -> None:
    """Add the route that a monitoring system asks."""

    @app.get("/metrics")
    def metrics() -> Response | tuple[dict[str, object], int]:
        """Counts by desk; no ticket, no customer."""
        try:
            numbers = tally()
        except StoreUnavailableError:
            return {"error": "the store does not answer"}, 503
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Tallied(numbers))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
