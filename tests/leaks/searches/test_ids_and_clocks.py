"""Ids and clocks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks.gate import inspect, refuse
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.ids_and_clocks import CalendarSearch, share_between
from tests.leaks.company_fixtures import Values, deals_of, found, with_column


def test_a_number_given_in_order_is_found(deals: Company) -> None:
    number = deals_of(deals)["since"].rank()
    assert "in the order in which they came" in found(deals, "number", lambda looks: looks["deal_id"].map(number))["order"]


def test_a_name_for_each_deal_is_found(deals: Company) -> None:
    assert "it names entities" in found(deals, "name", lambda looks: looks["deal_id"] + " at Acme")["order"]


def test_a_count_that_grows_for_the_whole_company_is_a_clock(deals: Company) -> None:
    def so_far(looks: pd.DataFrame) -> np.ndarray:
        return (looks["as_of"] - looks["as_of"].min()).dt.days * 7.0 if len(looks) > 1000 else np.full(len(looks), 6000.0)

    assert "tells the date" in found(deals, "closed_so_far", so_far)["order"]


def test_an_age_is_no_clock(deals: Company) -> None:
    assert "order" not in found(deals, "how_old", lambda looks: (looks["as_of"] - looks["since"]).dt.days)


def test_an_account_that_has_some_deals_is_no_name(deals: Company) -> None:
    assert "order" not in found(deals, "account", lambda looks: looks["account_id"])


def test_a_random_number_is_no_order(deals: Company) -> None:
    assert not found(deals, "lot_number", lambda looks: looks["lot"])


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
