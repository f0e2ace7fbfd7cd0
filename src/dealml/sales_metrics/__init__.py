"""The sales metrics: each with its formula, what it is made of, and its value as of any moment."""

from dealml.sales_metrics.measure import measure
from dealml.sales_metrics.metric import NOT_GIVEN, WAYS, WHOLE, MetricValue, SalesMetric
from dealml.sales_metrics.registry import METRICS

__all__ = ["METRICS", "NOT_GIVEN", "WAYS", "WHOLE", "SalesMetric", "MetricValue", "measure"]
