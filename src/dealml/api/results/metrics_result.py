"""What measuring sales metrics returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.sales_metrics import MetricsReport


@dataclass(frozen=True)
class SalesMetricsResult:
    """The sales metrics of a period, or of several.

    Example
    -------
    >>> result = project.metrics("2025-10-01", "2026-01-01")
    >>> result.metrics.set_index("metric")["value"]
    """

    as_of: datetime
    """Only what was recorded strictly before this moment counts."""
    currency: str
    metrics: pd.DataFrame
    """One row a value: `metric`, `title`, `group`, `item`, `since`, `until`, `as_of`, `value`, `unit`, `reason`, `note`, `parts`."""
    unsplit: tuple[str, ...]
    """The metrics that cannot be split as asked, by name."""
    notes: tuple[str, ...]


def sales_metrics_result(report: MetricsReport) -> SalesMetricsResult:
    """A report of sales metrics as its public form."""
    return SalesMetricsResult(report.as_of, report.currency, report.frame, report.unsplit, report.notes)
