"""Customers: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dealml.sales_metrics import customers
from dealml.sales_metrics.metric import NoValue


def test_churn_of_thirty_in_five_hundred() -> None:
    assert customers.churn(30, 500) == 0.06


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (customers.cac(100_000, 20), 5_000),
        (customers.gross_margin(1_000_000, 200_000), 0.8),
        (customers.cac_payback(12_000, 1_250, 0.8), 12),
        (customers.cltv(10_000, 0.8, 0.2), 40_000),
        (customers.retention(470, 500), 0.94),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (customers.cac, (1, 0), "no new customer was won"),
        (customers.gross_margin, (0, 5), "no recurring revenue"),
        (customers.cac_payback, (5, 10, 0), "leaves no gross margin"),
        (customers.cac_payback, (5, 10, -0.2), "leaves no gross margin"),
        (customers.cltv, (5, 0.8, 0), "no customer left"),
        (customers.churn, (0, 0), "no customer at the start"),
        (customers.retention, (0, 0), "no customer at the start"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
