"""The registry holds every metric that was promised, each fully declared."""

from __future__ import annotations

import pytest

from dealml.ledger.schema import TABLES
from dealml.sales_metrics import METRICS, WAYS, SalesMetric
from dealml.sales_metrics.facts import READ

PROMISED = {
    "total_revenue", "revenue_growth", "average_deal_size", "lead_conversion", "opportunity_conversion", "win_rate", "sales_cycle",
    "qualified_leads", "pipeline_velocity", "pipeline_coverage", "forecast_accuracy", "cac", "cac_payback", "cltv", "churn_rate",
    "retention", "nps", "csat", "esat", "quota_attainment", "rep_productivity", "time_selling", "decision_makers", "assets_used",
    "lost_to_competitors",
}  # fmt: skip


def test_every_promised_metric_is_there() -> None:
    assert set(METRICS) == PROMISED


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_a_metric_is_fully_declared(metric: SalesMetric) -> None:
    assert metric.title
    assert metric.unit
    assert len(metric.formula) > 20
    assert len(metric.missing) > 20
    assert set(metric.splits) <= set(WAYS)
    assert set(metric.needs) <= set(READ)
    for declared in metric.inputs:
        table, _, columns = declared.partition(": ")
        assert table in TABLES
        known = {c.name for c in TABLES[table].columns}
        attributes = {"amount", "currency", "close_date", "forecast_category", "owner"}
        values = {"sales", "marketing", "service", "nps", "csat", "esat", "without an account"}
        assert set(filter(None, columns.split(", "))) <= known | attributes | values


def test_nothing_is_split_by_person() -> None:
    assert "person" not in WAYS
    assert "owner" not in WAYS
