"""Features that follow the calendar are named, and stop nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks.follows_calendar import CalendarSearch, share_between
from dealml.leaks.gate import inspect, refuse
from dealml.leaks.inspection_sample import InspectionSample
from tests.leaks.company_fixtures import Values, with_column


def share(company: Company, values: Values) -> float:
    planted = with_column(company, "made", values)
    material = InspectionSample.of(planted.rows, planted.serving, ["made"], MAIN)
    finding = CalendarSearch(material).finding(material.column("made"))
    return finding.evidence["share"] if finding else 0.0


def weeks(looks: pd.DataFrame) -> pd.Series:
    return (looks["as_of"] - pd.Timestamp("2023-01-02", tz="UTC")).dt.days / 7


def test_what_all_deals_have_alike_at_a_moment_is_all_calendar(deals: Company) -> None:
    assert share(deals, lambda looks: weeks(looks) % 13) == pytest.approx(1.0)


def test_a_lift_that_drifts_is_named(deals: Company) -> None:
    assert share(deals, lambda looks: 0.05 * (looks["lot"] < 0.4) + 0.2 * np.exp(-weeks(looks) / 30)) > 0.5


@pytest.mark.parametrize("name", ["lot", "age"])
def test_what_deals_differ_in_is_not_named(name: str, deals: Company) -> None:
    made = {"lot": lambda looks: looks["lot"], "age": lambda looks: (looks["as_of"] - looks["since"]).dt.days}
    assert share(deals, made[name]) == 0.0


def test_a_run_goes_on_and_names_it(few_deals: Company) -> None:
    planted = with_column(few_deals, "quarter", lambda looks: weeks(looks) % 13)
    inspection = inspect(planted.rows, planted.serving, ("segment", "stage_place", "quarter"), MAIN)
    assert [clock.feature for clock in inspection.clocks] == ["quarter"]
    assert "100% of its variance lies between dates" in inspection.clocks[0].reason
    assert refuse(inspection, {}) == ()


def test_a_source_without_dates_has_no_calendar(few_deals: Company) -> None:
    undated = InspectionSample.of(few_deals.rows, None, ["stage_place"], MAIN)
    object.__setattr__(undated, "dated", False)
    assert CalendarSearch(undated).finding(undated.column("stage_place")) is None


def test_the_share_is_that_of_the_slow_sums_and_few_moments_say_nothing() -> None:
    rng = np.random.default_rng(1)
    moment = np.repeat(np.arange(10), 30)
    values = rng.normal(size=300) + moment / 3
    within = sum(((values[moment == m] - values[moment == m].mean()) ** 2).sum() for m in range(10)) / 290
    assert share_between(values, moment) == pytest.approx(1 - within / values.var(ddof=1))
    assert share_between(values, moment % 7) == 0.0
    assert share_between(rng.normal(size=300), moment) < 0.05
