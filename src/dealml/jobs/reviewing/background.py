"""Sections of a review that are computed in a background thread: the customer base and the sales metrics."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from dealml.errors import InputError, UsageError
from dealml.jobs.absent import MissingPiece
from dealml.jobs.forecasting.customers import CustomerBase, churn_base
from dealml.jobs.sales_metrics import TREND_PERIODS, trend
from dealml.page.review.metrics import MetricLine
from dealml.period import Period
from dealml.project import Project
from dealml.sales_metrics import METRICS, MetricValue
from dealml.sales_metrics.labels import shown


@dataclass(frozen=True)
class BackgroundSections:
    """Customer base and sales metrics, computed in a background thread on DuckDB connections of their own.

    The main thread is busy in Python meanwhile, and leaves a core idle.
    """

    customers: Future[CustomerBase | MissingPiece]
    metrics: Future[tuple[MetricLine, ...]]

    @classmethod
    @contextmanager
    def started(cls, project: Project, as_of: datetime, period: Period) -> Iterator[BackgroundSections]:
        """Start both; what was not begun when the block ends is cancelled."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        try:
            yield cls(thread.submit(churn_base, project, as_of, period), thread.submit(metric_lines, project, as_of))
        finally:
            thread.shutdown(cancel_futures=True)


def metric_lines(project: Project, as_of: datetime) -> tuple[MetricLine, ...]:
    """The sales metrics of the last whole quarter before a moment, with their trend.

    Raises
    ------
    InputError
        When the data end before the quarter does.
    """
    quarter = Period.around(as_of).previous
    try:
        report = trend(project, quarter.start, quarter.end, TREND_PERIODS, as_of=as_of)
    except UsageError as error:  # data that end before the quarter: no option of the caller mends that
        raise InputError(str(error).removeprefix("--to ")) from error
    return tuple(_line(report.of(latest.metric, item=latest.item)) for latest in report.values if latest.period == report.periods[-1])


def _line(values: list[MetricValue]) -> MetricLine:
    """One metric, its values in the order of time."""
    latest, metric = values[-1], METRICS[values[-1].metric]
    return MetricLine(
        title=f"{metric.title}: {latest.item}" if latest.item else metric.title,
        unit=latest.unit,
        value="" if latest.value is None else shown(latest),
        why_absent=latest.reason,
        trend=tuple(value.value for value in values),
        formula="" if latest.item else metric.formula.replace("`", ""),
        number=latest.value,
    )
