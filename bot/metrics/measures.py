"""A figure: its name, what it means, and where to read it. The collector turns a list of them into Prometheus' own."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.logs import of_kind
from bot.metrics.sources import Sources
from bot.tallies import Labels, Spread, Tally

log = logging.getLogger(__name__)

Reading = Iterable[tuple[Labels, float | Spread]]
"""Values by labels: spreads for a histogram, numbers for all else."""
Kind = Literal["counter", "gauge", "histogram", "info"]

_FAMILIES: Final = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily, "histogram": HistogramMetricFamily}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `name` is without the _total of a counter and the _info of an info.

    `read` returns the values by the labels `labels`. For an info, those are the values of the labels, and 1.
    """

    name: str
    kind: Kind
    text: str
    labels: Sequence[str]
    read: Callable[[Sources], Reading]

    @property
    def sample_name(self) -> str:
        """The name by which queries know it, without the _bucket, _sum and _count of a histogram."""
        return self.name + {"counter": "_total", "info": "_info"}.get(self.kind, "")


class Figures(Collector):
    """Reads measures from `sources` whenever a registry asks."""

    def __init__(self, measures: Sequence[Measure], sources: Sources) -> None:
        self._measures = measures
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        """Yield the family of each measure. One that cannot be read is left out, and logged."""
        for measure in self._measures:
            try:
                yield _family(measure, self._sources)
            except Exception:
                log.exception("%s could not be read", measure.name, extra=of_kind(f"unread {measure.name}"))


def one(value: float) -> Reading:
    """Return the reading of a figure without labels."""
    return (((), value),)


def of_tally(tally: Tally) -> Reading:
    """Return the reading of a tally."""
    return tuple(tally.counts.items())


def _family(measure: Measure, sources: Sources) -> Metric:
    if measure.kind == "info":
        family = InfoMetricFamily(measure.name, measure.text)
        for labels, _ in measure.read(sources):
            family.add_metric([], dict(zip(measure.labels, labels, strict=True)))
        return family
    family = _FAMILIES[measure.kind](measure.name, measure.text, labels=measure.labels)
    for labels, value in measure.read(sources):
        if isinstance(value, Spread):
            assert isinstance(family, HistogramMetricFamily), measure.name
            family.add_metric(labels, _buckets(value), sum_value=value.total)
        else:
            assert not isinstance(family, HistogramMetricFamily), measure.name
            family.add_metric(labels, value)
    return family


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    bounds = [*(str(float(bound)) for bound in spread.bounds), "+Inf"]
    return [(bound, float(count)) for bound, count in zip(bounds, accumulate(spread.counts), strict=True)]
