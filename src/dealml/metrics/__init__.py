"""The sales metrics: each with its formula, what it is made of, and its value as of any moment."""

from dealml.metrics.measure import measure
from dealml.metrics.metric import NOT_GIVEN, WAYS, WHOLE, Metric, Period, Value
from dealml.metrics.periods import before, run_up
from dealml.metrics.registry import METRICS

__all__ = ["METRICS", "NOT_GIVEN", "WAYS", "WHOLE", "Metric", "Period", "Value", "before", "measure", "run_up"]
