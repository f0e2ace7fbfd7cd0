"""Satisfaction: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dealml.sales_metrics import satisfaction
from dealml.sales_metrics.metric import NoValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (satisfaction.nps(70, 10, 100), 60),
        (satisfaction.satisfied(8, 10), 0.8),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (satisfaction.nps, (0, 0, 0), "nobody answered"),
        (satisfaction.satisfied, (0, 0), "nobody answered"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
