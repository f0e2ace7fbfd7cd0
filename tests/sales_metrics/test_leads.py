"""Leads: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dealml.sales_metrics import leads
from dealml.sales_metrics.metric import NoValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (leads.lead_conversion(30, 120), 0.25),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (leads.lead_conversion, (3, 0), "no lead was created"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
