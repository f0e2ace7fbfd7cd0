"""Competition: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dealml.sales_metrics import competition
from dealml.sales_metrics.metric import NoValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (competition.per_won_deal(6, 4), 1.5),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (competition.per_won_deal, (0, 0), "no deal was won"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
