from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.rungs import best_share, blended


def losses(margin: np.ndarray, won: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0, margin) - won * margin))


def outcomes(margin: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.random(len(margin)) < 1 / (1 + np.exp(-margin))).astype(float)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_it_finds_the_share_that_drew_the_outcomes(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    one, two = rng.normal(0, 2, (2, 20_000))
    won = outcomes(blended(one, two, share), rng)
    found = best_share(one, two, won, len(won))
    assert found == pytest.approx(share, abs=0.05)
    assert losses(blended(one, two, found), won) <= min(losses(one, won), losses(two, won)) + 1e-4


def test_a_margin_that_misleads_has_no_part() -> None:
    rng = np.random.default_rng(1)
    good = rng.normal(0, 1.5, 5000)
    won = outcomes(good, rng)
    assert best_share(-good, good, won, 5000) > 0.95
    assert best_share(good, -good, won, 5000) < 0.05


def test_few_entities_keep_it_near_a_half() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.normal(0, 2, (2, 400))
    won = outcomes(one, rng)
    assert best_share(one, two, won, 400) < best_share(one, two, won, 20) < 0.5
