"""The simulation against closed forms: the binomial, an exact convolution, and mixtures over the shock."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import binom

from dealml.forecast.simulation import draws as module
from dealml.forecast.simulation.amount_growth import UNCHANGED, AmountGrowth
from dealml.forecast.simulation.common_shock import BIASES, SPREADS, Shock
from dealml.forecast.simulation.draws import SimulatedMoney, SimulationInputs, simulate_money
from dealml.forecast.simulation.new_deals import Arrivals

DRAWS = 40_000


def still() -> Shock:
    """No shock to speak of: no bias, the least spread."""
    weight = np.zeros((len(BIASES), len(SPREADS)))
    weight[len(BIASES) // 2, 0] = 1.0
    return Shock(weight, 0)


def shocked(spread: float, bias: float = 0.0) -> Shock:
    weight = np.zeros((len(BIASES), len(SPREADS)))
    weight[np.abs(BIASES - bias).argmin(), np.abs(SPREADS - spread).argmin()] = 1.0
    return Shock(weight, 0)


def table(money: list[float], probability: list[float], teams: list[str] | None = None) -> pd.DataFrame:
    names = [f"D{place}" for place in range(len(money))]
    return pd.DataFrame(
        {"deal_id": names, "money": money, "probability": probability, "team": teams or ["A"] * len(money), "segment": "S", "kind": "new"}
    )


def no_arrivals() -> Arrivals:
    return Arrivals(0.0, 0.0, 0.05, table([], []).assign(weight=np.zeros(0)), 3)


def some_arrivals(rate: float, money: list[float], spread: float = 1e-6) -> Arrivals:
    pool = table(money, [0.0] * len(money), ["B"] * len(money)).assign(weight=1.0)
    return Arrivals(rate, 1e-9, spread, pool, 3)


def outlook(
    deals: pd.DataFrame, arrivals: Arrivals | None = None, shock: Shock | None = None, growth: AmountGrowth = UNCHANGED
) -> SimulationInputs:
    return SimulationInputs(table([], []), deals, growth, arrivals or no_arrivals(), shock or still())


def test_equal_deals_without_a_shock_are_binomial() -> None:
    found = simulate_money(outlook(table([10.0] * 20, [0.3] * 20)), DRAWS)
    counts = np.bincount((found.open / 10).astype(int), minlength=21) / DRAWS
    assert np.abs(counts - binom.pmf(np.arange(21), 20, 0.3)).max() < 0.01
    assert found.variance["luck"] == pytest.approx(20 * 0.21 * 100, rel=0.01)
    assert found.variance["amounts"] == 0
    assert found.variance["shock"] < 0.02 * found.variance["luck"]


def test_unequal_deals_are_their_convolution() -> None:
    money, chance = [1.0, 2.0, 4.0, 8.0, 16.0], [0.1, 0.5, 0.9, 0.25, 0.6]
    found = simulate_money(outlook(table(money, chance)), DRAWS)
    for ends in product((0, 1), repeat=len(money)):  # powers of two: each set of wins has a sum of its own
        exact = np.prod([p if end else 1 - p for p, end in zip(chance, ends, strict=True)])
        assert (found.open == np.dot(ends, money)).mean() == pytest.approx(exact, abs=0.01)


def test_a_shock_moves_all_deals_together() -> None:
    found = simulate_money(outlook(table([1.0] * 400, [0.4] * 400), shock=shocked(0.5, bias=0.25)), DRAWS)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    p = expit(logit(0.4) + 0.25 + 0.5 * nodes)
    weights = weights / weights.sum()
    mean = 400 * float(weights @ p)
    variance = 400 * float(weights @ (p * (1 - p))) + 400**2 * (float(weights @ p**2) - float(weights @ p) ** 2)
    assert found.open.mean() == pytest.approx(mean, rel=0.01)
    assert found.open.var() == pytest.approx(variance, rel=0.03)
    assert sum(found.variance.values()) == pytest.approx(variance, rel=0.03)


def test_what_makes_it_wide_adds_up_to_the_variance() -> None:
    growth = AmountGrowth(np.array([50.0]), np.array([[0.5, 1.0, 1.5, 1.0], [1.0, 1.2, 0.8, 1.0]]), 100)
    deals = table([10.0, 100.0] * 60, [0.2, 0.5] * 60)
    found = simulate_money(outlook(deals, some_arrivals(6.0, [30.0, 90.0]), shocked(0.3), growth), DRAWS)
    assert sum(found.variance.values()) == pytest.approx((found.open + found.new).var(), rel=0.03)
    assert min(found.variance.values()) > 0
    assert found.open.mean() == pytest.approx(60 * (10 * 0.2 + 100 * 0.5), rel=0.02)


def test_new_deals_are_poisson_with_the_money_of_past_ones() -> None:
    found = simulate_money(outlook(table([], []), some_arrivals(4.0, [10.0, 30.0])), DRAWS)
    assert found.new.mean() == pytest.approx(80.0, rel=0.02)
    assert found.new.var() == pytest.approx(4 * (10**2 + 30**2) / 2, rel=0.03)
    assert (found.new == 0).mean() == pytest.approx(np.exp(-4), abs=0.005)


def test_windows_that_differ_more_than_chance_widen_the_number_of_new_deals() -> None:
    found = simulate_money(outlook(table([], []), some_arrivals(4.0, [1.0], spread=0.5)), DRAWS)
    assert found.new.var() == pytest.approx(4 + 0.5 * 16, rel=0.05)


def test_groups_add_up_to_the_whole_in_every_draw() -> None:
    deals = table([5.0, 7.0, 11.0], [0.5, 0.4, 0.9], ["A", "B", "A"])
    won = table([100.0], [0.0], ["C"])
    found = simulate_money(SimulationInputs(won, deals, UNCHANGED, some_arrivals(2.0, [3.0]), shocked(0.3)), 500)
    assert sorted(found.groups["team"]) == ["A", "B", "C"]
    for groups in found.groups.values():
        assert sum(groups.values()) == pytest.approx(100 + found.open + found.new)
    assert (found.groups["team"]["C"] == 100).all()


def test_wins_without_money_count_as_nothing() -> None:
    found = simulate_money(SimulationInputs(table([float("nan"), 4.0], [0.0, 0.0]), table([], []), UNCHANGED, no_arrivals(), still()), 10)
    assert (found.groups["kind"]["new"] == 4).all()


def test_the_same_question_has_the_same_answer() -> None:
    deals = table(list(np.linspace(1, 9, 30)), list(np.linspace(0.05, 0.95, 30)))
    one, two = (simulate_money(outlook(deals, some_arrivals(2.0, [3.0, 4.0]), shocked(0.4)), 300) for _ in range(2))
    assert (one.open == two.open).all()
    assert (one.new == two.new).all()


def test_memory_is_bounded_by_batches_that_do_not_change_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    deals = table([1.0] * 50, [0.3] * 50)
    whole = simulate_money(outlook(deals, shock=shocked(0.3)), DRAWS)
    monkeypatch.setattr(module, "DEALS_A_BATCH", 7)
    parts: SimulatedMoney = simulate_money(outlook(deals, shock=shocked(0.3)), DRAWS)
    assert parts.open.mean() == pytest.approx(whole.open.mean(), rel=0.01)
    assert parts.variance == pytest.approx(whole.variance, rel=1e-3)


def test_nothing_to_draw_from_is_nothing() -> None:
    found = simulate_money(outlook(table([], [])), 10)
    assert not found.open.any()
    assert not found.new.any()
