"""Acquisition cost: the sales metric of the segment, or else of the company."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from dealml.economics.acquisition import AcquisitionCosts, acquisition_cost, acquisition_costs
from dealml.economics.settings import EconomicsSettings
from dealml.period import Period
from dealml.sales_metrics import NOT_GIVEN, MetricValue, measure
from tests.economics.economics_fixtures import AT, HandMade

PERIOD = Period(AT - timedelta(days=365), AT)


def metric(value: float | None, group: str = "", new: float = 25, name: str = "cac") -> MetricValue:
    return MetricValue(name, PERIOD, value, "EUR", group, parts={"new_customers": new})


def deals(*segments: str | None, customer: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"segment": list(segments), "is_customer": customer})


def test_it_is_the_sales_metric_itself(by_hand: HandMade) -> None:
    project = by_hand.project
    values = measure(project.ledger, [PERIOD], AT, "EUR", "segment", project.query_settings)
    assert acquisition_costs(values).company == next(value for value in values if value.metric == "cac" and not value.group)
    assert by_hand.value("small", "acquisition_cost") == 6_000


def test_a_segment_has_its_own_where_costs_name_it() -> None:
    values = [metric(5_000.0), metric(9_000.0, "Large", 4), metric(1.0, NOT_GIVEN), metric(None, "SMB"), metric(7.0, name="cltv")]
    term = acquisition_cost(deals("Large", "SMB", None), acquisition_costs(values), EconomicsSettings())
    assert term.value.tolist() == [9_000, 5_000, 5_000]
    assert term.source.tolist() == [
        "CAC of the segment, n=4 new customers", "CAC of the company, n=25 new customers", "CAC of the company, n=25 new customers"
    ]  # fmt: skip
    assert (term.low < term.value).all()
    assert (term.value < term.high).all()


def test_a_customer_costs_nothing_to_acquire() -> None:
    term = acquisition_cost(deals("SMB", customer=True), AcquisitionCosts(None, {}), EconomicsSettings())
    assert (term.value[0], term.source[0]) == (0, "already a customer: nothing to acquire")


def test_without_costs_it_is_unknown_or_declared() -> None:
    nothing = acquisition_cost(deals("SMB"), AcquisitionCosts(None, {}), EconomicsSettings())
    assert np.isnan(nothing.value[0])
    assert nothing.source[0].startswith("missing: no sales or marketing costs, or no new customers, in the last year")
    settings = EconomicsSettings(declared={"acquisition_cost": 800})  # type: ignore[arg-type]
    assert acquisition_cost(deals("SMB"), AcquisitionCosts(None, {}), settings).value[0] == pytest.approx(800)
