"""Metrics with their intervals, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.evaluation.metrics.bootstrap import Interval


def measures_frame(measured: Mapping[str, Mapping[str, Interval]]) -> pd.DataFrame:
    """One row a forecaster and metric: `forecaster`, `metric`, `value` and its 95 % interval `low`, `high`."""
    import pandas as pd

    rows = [
        (forecaster, metric, interval.value, interval.low, interval.high)
        for forecaster, metrics in measured.items()
        for metric, interval in metrics.items()
    ]
    return pd.DataFrame(rows, columns=["forecaster", "metric", "value", "low", "high"])
