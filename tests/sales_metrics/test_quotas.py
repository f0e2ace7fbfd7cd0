"""Quotas: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dealml.sales_metrics import quotas
from dealml.sales_metrics.metric import NoValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (quotas.attainment(80, 100), 0.8),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (quotas.attainment, (1, 0), "the quota is 0"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
