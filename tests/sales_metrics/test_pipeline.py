"""Pipeline: formulas on plain numbers, published examples worked by hand, and the reason given where a part is zero."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from dealml.sales_metrics import pipeline
from dealml.sales_metrics.metric import NoValue


def test_velocity_of_two_hundred_qualified() -> None:
    assert pipeline.velocity(200, 0.25, 10_000, 25) == 20_000


def test_accuracy_of_nine_hundred_thousand_for_a_million() -> None:
    assert pipeline.accuracy(1_000_000, 900_000) == 0.9
    assert pipeline.accuracy(1_000_000, 1_100_000) == pytest.approx(0.9)
    assert pipeline.accuracy(Decimal(1_000_000), Decimal(900_000)) == 0.9


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pipeline.coverage(3_000_000, 1_000_000), 3),
        (pipeline.accuracy(100, 350), -1.5),
    ],
)
def test_an_example(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (pipeline.velocity, (1, 0.5, 10, 0), "the sales cycle took no time"),
        (pipeline.coverage, (1, 0), "the quota is 0"),
        (pipeline.accuracy, (0, 10), "nothing was won"),
    ],
)
def test_the_reason_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
