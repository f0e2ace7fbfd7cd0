"""A shrunken rate is the posterior mean under a Beta prior."""

import ibis
import pytest
from scipy.stats import beta

from dealml.features.shrinkage import lift, shrunken


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (1, 1), (3, 40), (400, 1000)])
def test_it_is_the_posterior_mean(successes: int, trials: int) -> None:
    rate = ibis.duckdb.connect().execute(shrunken(ibis.literal(successes), ibis.literal(trials), 0.3, 20.0))
    assert rate == pytest.approx(beta(20 * 0.3 + successes, 20 * 0.7 + trials - successes).mean(), rel=1e-12)


@pytest.mark.parametrize(("hits", "cases"), [(3, 10), (30, 100), (0, 0)])
def test_a_kind_like_the_whole_company_has_no_lift(hits: int, cases: int) -> None:
    numbers = (ibis.literal(number) for number in (hits, cases, 300, 1000))
    assert ibis.duckdb.connect().execute(lift(*numbers)) == 0.0


def test_a_lift_is_a_share_of_the_kinds_cases_drawn_towards_nothing() -> None:
    numbers = (ibis.literal(number) for number in (50, 100, 300, 1000))
    assert ibis.duckdb.connect().execute(lift(*numbers)) == pytest.approx((50 - 30) / (100 + 20))
