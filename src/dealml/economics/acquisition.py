"""Acquisition cost: what winning one customer cost in the last year, by the formula of the sales metric CAC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.economics.look_alikes import Z
from dealml.economics.settings import EconomicsSettings
from dealml.economics.terms import Term, certain, declared
from dealml.sales_metrics import NOT_GIVEN, WHOLE, MetricValue

METRIC = "cac"


@dataclass(frozen=True)
class AcquisitionCosts:
    """The metric of the company and of its segments; None where it has no value."""

    company: MetricValue | None
    segments: dict[str, MetricValue]


def acquisition_costs(values: Sequence[MetricValue]) -> AcquisitionCosts:
    """The costs among the values of sales metrics, those that there are."""
    there = {value.group: value for value in values if value.metric == METRIC and not value.item and value.value is not None}
    return AcquisitionCosts(there.get(WHOLE), {name: value for name, value in there.items() if name not in (WHOLE, NOT_GIVEN)})


def acquisition_cost(deals: pd.DataFrame, costs: AcquisitionCosts, settings: EconomicsSettings) -> Term:
    """What winning the customer of each deal costs; nothing where it is a customer already.

    The interval is that of the number of new customers, as a count of independent events.
    """
    of_segments = _by_segment(deals["segment"], costs)
    nothing = certain(np.where(deals["is_customer"], 0.0, np.nan), "already a customer: nothing to acquire")
    what = "no sales or marketing costs, or no new customers, in the last year"
    return nothing.or_else(of_segments).or_else(declared(len(deals), settings.declared.acquisition_cost, "acquisition_cost", what))


def _by_segment(segment: pd.Series, costs: AcquisitionCosts) -> Term:
    names = segment.astype(object).where(segment.notna(), None)
    known = {name: _numbers(value, f"CAC of the segment, n={_new(value):.0f} new customers") for name, value in costs.segments.items()}
    company = costs.company
    why = "; costs name no segment" if not costs.segments else ""
    usual = _numbers(company, f"CAC of the company, n={_new(company):.0f} new customers{why}") if company else (np.nan,) * 3 + ("",)
    rows = pd.DataFrame([known.get(name, usual) for name in names.tolist()], columns=["value", "low", "high", "source"])
    value, low, high = (rows[name].to_numpy(dtype=np.float64) for name in ("value", "low", "high"))
    return Term(value, low, high, rows["source"].to_numpy(dtype=object))


def _new(value: MetricValue) -> float:
    return float(value.parts.get("new_customers") or 0)


def _numbers(value: MetricValue, source: str) -> tuple[float, float, float, str]:
    cost, error = float(value.value or 0), Z / np.sqrt(max(_new(value), 1.0))
    return cost, cost / (1 + error), cost / max(1 - error, 0.1), source
