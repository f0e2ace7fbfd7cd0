"""Values of metrics as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dealml.period import Period
from dealml.sales_metrics.labels import in_words, shown
from dealml.sales_metrics.metric import MetricValue
from dealml.sales_metrics.registry import METRICS

QUARTER = Period(datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def value_of(metric: str, number: float | None, currency: str = "EUR") -> MetricValue:
    return MetricValue(metric, QUARTER, number, METRICS[metric].unit.format(currency=currency), parts={})


@pytest.mark.parametrize(
    ("metric", "number", "words"),
    [
        ("total_revenue", 5_603_739.4, "€5,603,739"),
        ("total_revenue", -12_000.0, "−€12,000"),
        ("average_deal_size", 7.5, "€7.50"),
        ("pipeline_velocity", 41_915.2, "€41,915 a day"),
        ("rep_productivity", 280_187.0, "€280,187 a salesperson"),
        ("revenue_growth", -0.123, "−12.3%"),
        ("win_rate", 0.309, "30.9%"),
        ("sales_cycle", 131.4, "131.4 days"),
        ("pipeline_coverage", 2.791, "2.79 times"),
        ("nps", -13.5, "−13.5 points"),
        ("qualified_leads", 1_434.0, "1,434 leads"),
        ("qualified_leads", 1.0, "1 lead"),
        ("churn_rate", None, "–"),
    ],
)
def test_a_value_with_its_unit(metric: str, number: float | None, words: str) -> None:
    assert shown(value_of(metric, number)) == words


def test_a_currency_without_a_sign_is_named() -> None:
    assert shown(value_of("pipeline_velocity", 20_000.0, "PLN")) == "PLN\u00a020,000 a day"


def test_what_a_value_is_made_of() -> None:
    told = MetricValue("win_rate", QUARTER, 0.3, "share", parts={"won": 162.0, "lost": 1_363.0})
    assert in_words(told) == "deals won 162, deals lost 1,363"
