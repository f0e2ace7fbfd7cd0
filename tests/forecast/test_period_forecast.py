"""A period as it is seen from a moment, with people's numbers in place of the served ones."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml.forecast.period_forecast import OverriddenInputs, PeriodSimulation
from dealml.forecast.simulation.draws import simulate_money
from dealml.period import Period
from tests.forecast.simulation.test_draws import outlook, table

AT = datetime(2026, 1, 5, tzinfo=UTC)


def foresight() -> PeriodSimulation:
    deals = outlook(table([100.0, 40.0], [0.5, 0.0]))
    return PeriodSimulation(Period.parse("2026Q1"), AT, deals, simulate_money(deals), 7.0, (), pd.DataFrame(), {"EUR": 1.0, "USD": 0.8})


def certain(amount: float | None = None, currency: str = "") -> dict[str, OverriddenInputs]:
    """The first deal will be won; the second has no chance."""
    return {"D0": OverriddenInputs(1.0, amount, currency)}


@pytest.mark.parametrize(
    ("amount", "currency", "won"),
    [(None, "", 100.0), (50.0, "EUR", 50.0), (50.0, "", 50.0), (50.0, "USD", 40.0), (50.0, "GBP", 100.0)],
)
def test_a_judged_amount_counts_at_the_rate_of_the_moment(amount: float | None, currency: str, won: float) -> None:
    found = foresight().judged(certain(amount, currency))
    assert (found.p10, found.p50, found.p90) == pytest.approx((won + 7,) * 3)


def test_where_nobody_said_a_probability_the_served_one_stays() -> None:
    held = foresight()
    found = held.judged({"D0": OverriddenInputs(None, 200.0, "EUR"), "D9": OverriddenInputs(1.0, 1e9, "EUR")})
    assert found.mean == pytest.approx(7 + 2 * (np.mean(held.draws) - 7))
