"""Revenue: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from dealml.sales_metrics import revenue
from dealml.sales_metrics.metric import NoValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (revenue.growth(Decimal("150.00"), Decimal("120.00")), 0.25),
        (revenue.average_size(Decimal("100.50"), 3), 33.5),
        (revenue.win_rate(30, 70), 0.3),
        (revenue.cycle_days(250, 10), 25),
        (revenue.opportunity_conversion(20, 80), 0.25),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (revenue.growth, (10, 0), "nothing was won in the period before"),
        (revenue.average_size, (0, 0), "no deal was won"),
        (revenue.win_rate, (0, 0), "no deal was closed"),
        (revenue.cycle_days, (0, 0), "no deal was won"),
        (revenue.opportunity_conversion, (3, 0), "no deal was created"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
