"""Results of the public API, as small as they can be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dealml import EvaluationResult, ForecastBacktestResult, PromotionResult, ScoringResult, TrainingResult

MEASURES = ["forecaster", "metric", "value", "low", "high"]


def trained(evaluated: bool = True) -> TrainingResult:
    """Version 3 of deal_win."""
    metrics = pd.DataFrame([("model", "log_loss", 0.4, 0.3, 0.5), ("base_rate", "log_loss", 0.4, 0.3, 0.5)], columns=MEASURES)
    gain = pd.DataFrame([("base_rate", "log_loss", 0.0, -0.1, 0.1)], columns=MEASURES)
    evaluation = EvaluationResult(
        "deal_win", "won", "lightgbm", "later time", 90, 10, 5, 2, False, "as good as the base rate", metrics, gain
    )
    return TrainingResult(
        model="deal_win",
        version=3,
        digest="ab" * 32,
        learner="lightgbm",
        is_champion=True,
        trained_through="2026-01-05",
        ledger_digest="cd" * 32,
        rows=1000,
        entities=100,
        counts={"rows": 1000, "entities": 100},
        absent_features={"orders_30d": "no purchases"},
        evaluation=evaluation if evaluated else None,
    )


def promoted(passed: bool) -> PromotionResult:
    """Version 3 of deal_win, judged by one condition."""
    conditions = pd.DataFrame([("gain_over_champion", passed, "it gains 0.010")], columns=["condition", "holds", "measured"])
    return PromotionResult("deal_win", 3, passed, "judged", conditions)


def scored() -> ScoringResult:
    """54 scores of 9 entities."""
    return ScoringResult(
        "deal_win", 3, "lightgbm", datetime(2026, 1, 5, tzinfo=UTC), 9, 54, {}, ("a note",), pd.DataFrame(index=range(54)), None
    )


def backtested() -> ForecastBacktestResult:
    """One past quarter, whose actual lies within the range."""
    period = {"period": "2025Q1", "as_of": datetime(2025, 1, 6, tzinfo=UTC), "mean": 2000.0, "p10": 1000.0, "p50": 2000.0, "p90": 3000.0}
    return ForecastBacktestResult(pd.DataFrame([period | {"actual": 2500.0}]), 1.0, Path("forecasts/some.json"))
