"""Made-up forecasts: small ones full of ties and zero weights, and large calibrated ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Labels, probabilities, weights and accounts of the same rows."""

    y: Vector
    p: Vector
    w: Vector
    clusters: NDArray[np.int_]


@st.composite
def forecasts(draw: st.DrawFn, *, both_classes: bool = True, whole_weights: bool = False) -> Forecasts:
    """Few distinct probabilities, so that ties are common, and weights of 0, which mean absent."""
    weight = st.integers(0, 4) if whole_weights else st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.7])
    row = st.tuples(st.integers(0, 1), st.integers(0, 20).map(lambda k: k / 20), weight, st.integers(0, 5))
    rows = draw(st.lists(row, min_size=1, max_size=40))
    if both_classes:
        rows += [(0, 0.4, 1, 0), (1, 0.4, 1, 1)]
    y, p, w, clusters = (np.array(column) for column in zip(*rows, strict=True))
    return Forecasts(y.astype(float), p.astype(float), w.astype(float), clusters)


def simulated(n: int, seed: int = 0, accounts: int = 50) -> Forecasts:
    """Draw calibrated forecasts: each row is won with exactly its probability."""
    random = np.random.default_rng(seed)
    p = random.beta(1.5, 2.5, n)
    y = (random.random(n) < p).astype(float)
    return Forecasts(y, p, np.ones(n), random.integers(0, accounts, n))
