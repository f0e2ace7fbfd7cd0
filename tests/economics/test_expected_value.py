"""The formula: its parts add up, survival is integrated, and the interval is that of its terms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.economics.expected_value import ADDED, MOVED, Inputs, evaluate, spread
from dealml.economics.settings import EconomicsSettings, LookAlikeRule
from dealml.economics.survival import survival_curves
from dealml.economics.terms import Term, certain

RULES = EconomicsSettings()
MONEY = st.integers(0, 10**8).map(lambda cents: cents / 100)


def inputs(churn: float | None = 0.0, **values: float) -> Inputs:
    usual = {"becomes_a_deal": 1.0, "win": 0.5, "price": 12_000, "goods": 0, "services": 0, "customisation": 0, "third_party": 0}
    usual |= {"acquisition_cost": 6_000, "cost_to_pursue": 100, "growth": 0.0, "strategic_value": 0.0}
    return Inputs({name: certain(np.array([(usual | values)[name]]), "") for name in MOVED}, None, churn, np.zeros(1))


CASES = st.fixed_dictionaries(
    {
        "win": st.floats(0, 1),
        "growth": st.floats(-0.5, 1),
        **dict.fromkeys(("goods", "customisation", "price", "cost_to_pursue", "strategic_value"), MONEY),
    }
)


@given(terms=CASES, churn=st.floats(0, 0.9))
@settings(max_examples=100, deadline=None)
def test_parts_add_up_to_the_cent_and_beyond(terms: dict[str, float], churn: float) -> None:
    result = evaluate(inputs(churn, **terms), RULES)
    value = float(result.expected_value[0])
    inside = result.margin_to_payback + result.stays * (result.margin_after + result.expansion) + terms["strategic_value"]
    assert float(sum(result.parts.values())[0]) == pytest.approx(value, abs=1e-9)
    assert float(terms["win"] * inside[0] - terms["cost_to_pursue"]) == pytest.approx(value, rel=1e-9, abs=1e-6)


def test_survival_is_integrated_over_the_months() -> None:
    # 1,000 a month, payback after 6 months; who is there leaves at a constant rate r: ∫ exp(−r t) dt.
    churn = 0.2
    rate = -np.log(1 - churn) / 12
    result = evaluate(inputs(churn), RULES)
    assert float(result.payback_months[0]) == 6.0
    assert float(result.stays[0]) == pytest.approx((1 - churn) ** 0.5)
    assert float(result.margin_to_payback[0]) == pytest.approx(1_000 * (1 - np.exp(-6 * rate)) / rate, rel=1e-4)
    after = 1_000 * (np.exp(-6 * rate) - np.exp(-36 * rate)) / rate
    assert float(result.parts["margin_after"][0]) == pytest.approx(0.5 * after, rel=1e-4)


def test_a_margin_that_never_pays_back_has_nothing_after_it() -> None:
    result = evaluate(inputs(goods=13_000), RULES)
    assert np.isinf(result.payback_months[0])
    assert float(result.margin_after[0]) == 0
    assert float(result.expected_value[0]) == pytest.approx(0.5 * 36 * -1_000 / 12 - 100)


@pytest.mark.parametrize("name", [name for name in MOVED if name not in ADDED])
def test_without_an_essential_term_the_value_is_unknown(name: str) -> None:
    assert np.isnan(evaluate(inputs(**{name: np.nan}), RULES).expected_value).all()


def test_without_survival_the_value_is_unknown() -> None:
    assert np.isnan(evaluate(inputs(churn=None), RULES).expected_value).all()


@pytest.mark.parametrize("name", ADDED)
def test_without_an_added_term_the_value_is_without_it(name: str) -> None:
    without, zero = (evaluate(inputs(**{name: value}), RULES) for value in (np.nan, 0.0))
    assert without.expected_value.tolist() == zero.expected_value.tolist()


def test_the_interval_is_the_root_of_the_squares_of_what_each_term_moves() -> None:
    ends = {"goods": (900.0, 1_000.0, 1_100.0), "acquisition_cost": (5_000.0, 6_000.0, 7_000.0)}
    moved = {name: uncertain(*values) for name, values in ends.items()}
    case = Inputs(dict(inputs().terms) | moved, None, 0.1, np.zeros(1))
    half, moves = spread(case, RULES, evaluate(case, RULES))
    values = [[valued(case, name, end) for end in (low, high)] for name, (low, _, high) in ends.items()]
    assert set(moves) == set(moved)
    assert float(half[0]) == pytest.approx(np.hypot(*(abs(high - low) / 2 for low, high in values)))


def valued(case: Inputs, name: str, end: float) -> float:
    return float(evaluate(case, RULES, {name: np.array([end])}).expected_value[0])


def uncertain(low: float, value: float, high: float) -> Term:
    return Term(*(np.array([number]) for number in (value, low, high)), np.array([""], dtype=object))


def test_survival_moves_the_value_too() -> None:
    customers = pd.DataFrame({"entered": 0.0, "ended": [11.5, 30.0, 30.0, 30.0], "left": [True, False, False, False]})
    curves = survival_curves(customers, pd.DataFrame(index=[0]), (), LookAlikeRule(least_cases=1))
    case = Inputs(inputs().terms, curves, None, np.zeros(1))
    half, moves = spread(case, RULES, evaluate(case, RULES))
    assert float(moves["stays"][0]) == pytest.approx(float(half[0]))
    assert half[0] > 0
