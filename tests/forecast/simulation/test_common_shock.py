"""The shock: its likelihood against a loop, and planted biases and spreads found again."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import expit, logit

from dealml.forecast.simulation.common_shock import GRID, PRIOR_BIAS, curve_of, learned

Floats = npt.NDArray[np.float64]


def periods(count: int, bias: float, spread: float, deals: int = 300, seed: int = 1) -> list[Floats]:
    """Likelihoods of past periods whose deals were moved together by Normal(bias, spread²)."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(count):
        p = rng.uniform(0.05, 0.8, deals)
        u = bias + spread * rng.standard_normal()
        found.append(curve_of(p, (rng.random(deals) < expit(logit(p) + u)).astype(float)))
    return found


def test_the_likelihood_is_that_of_a_loop() -> None:
    p, won = np.array([0.2, 0.7, 0.5]), np.array([1.0, 0.0, 1.0])
    slow = []
    for u in GRID:
        moved = [1 / (1 + math.exp(-(math.log(q / (1 - q)) + u))) for q in p]
        slow.append(sum(math.log(q if y else 1 - q) for q, y in zip(moved, won, strict=True)))
    assert curve_of(p, won) == pytest.approx(np.array(slow) - max(slow))


def test_before_any_period_there_is_no_bias_and_a_usual_spread() -> None:
    usual = learned([])
    assert usual.bias == pytest.approx(0.0, abs=1e-9)
    assert usual.periods == 0
    u = usual.draw(np.random.default_rng(1), 100_000)
    assert np.median(u) == pytest.approx(0.0, abs=0.01)
    assert PRIOR_BIAS < u.std() < 3 * PRIOR_BIAS


@pytest.mark.parametrize(("bias", "spread"), [(0.0, 0.05), (0.3, 0.05), (-0.2, 0.3), (0.0, 0.5)])
def test_a_planted_shock_is_found_from_many_periods(bias: float, spread: float) -> None:
    found = learned(periods(60, bias, spread))
    assert found.bias == pytest.approx(bias, abs=0.12)
    assert found.spread == pytest.approx(spread, abs=0.1)


def test_few_periods_are_shrunk_towards_none_and_leave_more_open() -> None:
    few, many = learned(periods(2, 0.6, 0.02)), learned(periods(40, 0.6, 0.02))
    assert 0.05 < few.bias < many.bias
    rng = np.random.default_rng(3)
    assert few.draw(rng, 20_000).std() > 1.5 * many.draw(rng, 20_000).std()


def test_a_period_without_deals_teaches_nothing() -> None:
    nothing = curve_of(np.zeros(0), np.zeros(0))
    assert learned([nothing]).weight == pytest.approx(learned([]).weight)


def test_certain_deals_that_end_otherwise_are_no_error() -> None:
    found = learned([curve_of(np.array([0.0, 1.0]), np.array([1.0, 0.0]))])
    assert np.isfinite(found.weight).all()
