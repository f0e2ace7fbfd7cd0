"""A shrunken rate is the posterior mean under a Beta prior."""

import ibis
import pytest
from scipy.stats import beta

from dealml.features.shrinkage import shrunken


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (1, 1), (3, 40), (400, 1000)])
def test_it_is_the_posterior_mean(successes: int, trials: int) -> None:
    rate = ibis.duckdb.connect().execute(shrunken(ibis.literal(successes), ibis.literal(trials), 0.3, 20.0))
    assert rate == pytest.approx(beta(20 * 0.3 + successes, 20 * 0.7 + trials - successes).mean(), rel=1e-12)
