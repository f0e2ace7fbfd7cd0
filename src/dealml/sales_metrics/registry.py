"""Every sales metric, in the order in which they are shown."""

from __future__ import annotations

from dealml.sales_metrics import competition, customers, leads, people, pipeline, quotas, revenue, satisfaction
from dealml.sales_metrics.metric import SalesMetric

_FAMILIES = (revenue, leads, pipeline, quotas, customers, satisfaction, people, competition)

METRICS: dict[str, SalesMetric] = {metric.name: metric for family in _FAMILIES for metric in family.METRICS}
"""The sales metrics by name."""
