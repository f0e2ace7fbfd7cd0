"""How forecasts of past periods did: coverage of the range, and pinball loss of the model and of every benchmark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dealml.forecast.result import ForecastAccuracy, PastPeriod, Range

Floats = npt.NDArray[np.float64]

QUANTILES = (0.1, 0.5, 0.9)
MODEL = "model"


def range_of(draws: Floats) -> Range:
    """The mean and the quantiles of draws."""
    low, middle, high = np.quantile(draws, QUANTILES)
    return Range(float(draws.mean()), float(low), float(middle), float(high))


def pinball(forecast: Sequence[float], actual: float) -> float:
    """The mean pinball loss of forecasts of the three quantiles (Koenker and Bassett 1978), in the money's unit."""
    # Equal to scikit-learn's, which a forecast does not load: the import alone takes longer than all of a period's losses.
    gaps = [actual - value for value in forecast]
    return float(np.mean([max(share * gap, (share - 1) * gap) for share, gap in zip(QUANTILES, gaps, strict=True)]))


def covers(past: PastPeriod) -> bool:
    """Whether the actual value is within the range, edges included."""
    return past.forecast.p10 <= past.actual <= past.forecast.p90


def accuracy_of(past: Sequence[PastPeriod]) -> ForecastAccuracy | None:
    """Sum up past periods; a benchmark counts only if it had a figure for each of them. None where there are none."""
    if not past:
        return None
    losses = {MODEL: [pinball((p.forecast.p10, p.forecast.p50, p.forecast.p90), p.actual) for p in past]}
    for name in past[0].benchmarks:
        figures = [p.benchmarks.get(name) for p in past]
        if all(figure is not None for figure in figures):
            losses[name] = [pinball((figure,) * 3, p.actual) for figure, p in zip(figures, past, strict=True) if figure is not None]
    coverage = float(np.mean([covers(p) for p in past]))
    return ForecastAccuracy(tuple(past), coverage, {name: float(np.mean(loss)) for name, loss in losses.items()})
