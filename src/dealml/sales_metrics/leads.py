"""Leads: how many are qualified, and how many become deals."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricQuery, Number, SalesMetric, ratio

_FIRST = (
    "SELECT period_index, {{group}} AS grp, count(*) AS {name} FROM period JOIN lead ON {clock} >= since AND {clock} < until GROUP BY ALL"
)
CREATED = MetricQuery(_FIRST.format(name="leads_created", clock="created_at"))
QUALIFIED = MetricQuery(_FIRST.format(name="qualified", clock="qualified_at"))
CONVERTED = MetricQuery(_FIRST.format(name="converted", clock="converted_at"))


def lead_conversion(converted: Number, created: Number) -> float:
    """Leads that became deals for each lead created."""
    return ratio(converted, created, "no lead was created")


METRICS = (
    SalesMetric(
        "lead_conversion", "Lead conversion", "share",
        "leads that became deals in the period ÷ leads created in the period",
        ("leads",), "no value without leads, or where none was created; above 1 where more old leads became deals than new ones came in",
        ("leads",), (CREATED, CONVERTED), {"converted": "leads that became deals", "leads_created": "leads created"},
        lambda parts: lead_conversion(parts["converted"], parts["leads_created"]),
    ),
    SalesMetric(
        "qualified_leads", "Qualified leads", "leads",
        "leads qualified in the period; a lead counts once, when it was first qualified",
        ("leads",), "no value without leads in the ledger; 0 where none was qualified",
        ("leads",), (QUALIFIED,), {}, lambda parts: parts["qualified"],
    ),
)  # fmt: skip
