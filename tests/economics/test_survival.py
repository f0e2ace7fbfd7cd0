"""Survival of customers: by hand, against the Kaplan–Meier curve of scipy, with late entry, and drawn towards the company's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, ecdf

from dealml.economics.settings import LookAlikeRule
from dealml.economics.survival import survival_curves

RULE = LookAlikeRule(least_cases=3, strength=2.0)
NEW = np.zeros(1)


def customers(*rows: tuple[float, float, bool], segment: str = "SMB") -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["entered", "ended", "left"]).assign(segment=segment)


def at(curves: object, months: float, since: float = 0.0) -> float:
    return float(curves.stays(np.array([months]), np.array([since]))[0])  # type: ignore[attr-defined]


def test_four_customers_by_hand() -> None:
    # One of four leaves in month 2; one is watched until month 5.5, which counts half in its month; one leaves in month 5.
    table = customers((0, 2.5, True), (0, 5.5, False), (0, 5.2, True), (0, 9.0, False))
    curves = survival_curves(table, pd.DataFrame({"segment": ["SMB"]}), (), LookAlikeRule(least_cases=1))
    assert [at(curves, months) for months in (0, 2, 3, 5)] == pytest.approx([1, 1, 0.75, 0.75])
    assert at(curves, 6) == pytest.approx(0.75 * (1 - 1 / 2.5))
    assert at(curves, 3, since=3.0) == pytest.approx(1 - 1 / 2.5)


def test_who_came_under_observation_late_counts_from_then_on() -> None:
    # Of the two that were there in month 1 one left; the third is watched from month 4 on, so it says nothing of month 1.
    table = customers((0, 1.5, True), (0, 8.0, False), (4, 8.0, False))
    assert at(survival_curves(table, pd.DataFrame({"segment": ["SMB"]}), (), RULE), 3) == pytest.approx(0.5)


def test_whole_months_give_the_curve_of_kaplan_and_meier() -> None:
    rng = np.random.default_rng(4)
    ended = rng.integers(1, 30, 300).astype(float)
    left = rng.random(300) < 0.5
    # Those who are only watched until the end of a month are under observation in all of it.
    table = pd.DataFrame({"entered": 0.0, "ended": np.where(left, ended - 0.5, ended), "left": left, "segment": "SMB"})
    curves = survival_curves(table, pd.DataFrame({"segment": ["SMB"]}), (), LookAlikeRule(least_cases=1, strength=1e-9))
    expected = ecdf(CensoredData(uncensored=ended[left], right=ended[~left])).sf
    months = np.arange(1.0, 20.0)
    # The life table counts who is watched up to a month's first instant as half of it.
    assert curves is not None
    assert [at(curves, month) for month in months] == pytest.approx(expected.evaluate(months), abs=0.02)


def test_a_narrow_group_is_drawn_towards_the_company() -> None:
    safe, risky = customers(*[(0, 12.0, False)] * 12), customers(*[(0, 3.5, True)] * 3, (0, 12.0, False), segment="Large")
    table = pd.concat([safe, risky], ignore_index=True)
    curves = survival_curves(table, pd.DataFrame({"segment": ["SMB", "Large", "Other"]}), ("segment",), RULE)
    assert curves is not None
    smb, large, other = curves.stays(np.full(3, 6.0), np.zeros(3))
    assert other == pytest.approx(13 / 16)
    assert smb == pytest.approx(1 - 2 * (3 / 16) / (12 + 2))
    assert large == pytest.approx(1 - (3 + 2 * (3 / 16)) / (4 + 2))
    assert curves.cases.tolist() == [12, 4, 16]
    assert curves.level.tolist() == ["segment", "segment", "company"]


def test_past_the_oldest_customers_the_risk_of_the_year_before_goes_on() -> None:
    table = pd.concat([customers((0, month + 0.5, True), (0, 24.0, False)) for month in range(24)], ignore_index=True)
    curves = survival_curves(table, pd.DataFrame({"segment": ["SMB"]}), (), RULE)
    later = [at(curves, months) for months in (25, 37, 49)]
    assert 0 < later[2] < later[1] < later[0]
    assert later[2] / later[1] == pytest.approx(later[1] / later[0])


def test_bounds_lie_on_either_side_and_what_is_unknown_stays_unknown() -> None:
    table = customers(*[(0, 5.5, True)] * 3, *[(0, 12.0, False)] * 9)
    curves = survival_curves(table, pd.DataFrame({"segment": ["SMB"]}), (), RULE)
    assert curves is not None
    low, high = (float(curves.stays(np.array([8.0]), NEW, z)[0]) for z in (-1.28, 1.28))
    assert low < 0.75 < high <= 1.0
    assert np.isnan(curves.stays(np.array([np.nan]), NEW)).all()


def test_without_customers_there_is_no_curve() -> None:
    assert survival_curves(customers(), pd.DataFrame({"segment": ["SMB"]}), (), RULE) is None
