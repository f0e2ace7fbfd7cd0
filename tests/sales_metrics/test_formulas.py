"""The formulas on plain numbers: published examples worked by hand, and what each says where a part is zero."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from dealml.sales_metrics import competition, customers, leads, people, pipeline, quotas, revenue, satisfaction
from dealml.sales_metrics.metric import NoValue


def test_velocity_of_two_hundred_qualified() -> None:
    assert pipeline.velocity(200, 0.25, 10_000, 25) == 20_000


def test_churn_of_thirty_in_five_hundred() -> None:
    assert customers.churn(30, 500) == 0.06


def test_accuracy_of_nine_hundred_thousand_for_a_million() -> None:
    assert pipeline.accuracy(1_000_000, 900_000) == 0.9
    assert pipeline.accuracy(1_000_000, 1_100_000) == pytest.approx(0.9)
    assert pipeline.accuracy(Decimal(1_000_000), Decimal(900_000)) == 0.9


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (revenue.growth(Decimal("150.00"), Decimal("120.00")), 0.25),
        (revenue.average_size(Decimal("100.50"), 3), 33.5),
        (revenue.win_rate(30, 70), 0.3),
        (revenue.cycle_days(250, 10), 25),
        (revenue.opportunity_conversion(20, 80), 0.25),
        (leads.lead_conversion(30, 120), 0.25),
        (pipeline.coverage(3_000_000, 1_000_000), 3),
        (pipeline.accuracy(100, 350), -1.5),
        (quotas.attainment(80, 100), 0.8),
        (customers.cac(100_000, 20), 5_000),
        (customers.gross_margin(1_000_000, 200_000), 0.8),
        (customers.cac_payback(12_000, 1_250, 0.8), 12),
        (customers.cltv(10_000, 0.8, 0.2), 40_000),
        (customers.retention(470, 500), 0.94),
        (satisfaction.nps(70, 10, 100), 60),
        (satisfaction.satisfied(8, 10), 0.8),
        (people.productivity(1_000_000, 4), 250_000),
        (people.selling_share(12, 40), 0.3),
        (competition.per_won_deal(6, 4), 1.5),
    ],
)
def test_an_example(found: float, expected: float) -> None:
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "parts", "why"),
    [
        (revenue.growth, (10, 0), "nothing was won in the period before"),
        (revenue.average_size, (0, 0), "no deal was won"),
        (revenue.win_rate, (0, 0), "no deal was closed"),
        (revenue.cycle_days, (0, 0), "no deal was won"),
        (revenue.opportunity_conversion, (3, 0), "no deal was created"),
        (leads.lead_conversion, (3, 0), "no lead was created"),
        (pipeline.velocity, (1, 0.5, 10, 0), "the sales cycle took no time"),
        (pipeline.coverage, (1, 0), "the quota is 0"),
        (pipeline.accuracy, (0, 10), "nothing was won"),
        (quotas.attainment, (1, 0), "the quota is 0"),
        (customers.cac, (1, 0), "no new customer was won"),
        (customers.gross_margin, (0, 5), "no recurring revenue"),
        (customers.cac_payback, (5, 10, 0), "leaves no gross margin"),
        (customers.cac_payback, (5, 10, -0.2), "leaves no gross margin"),
        (customers.cltv, (5, 0.8, 0), "no customer left"),
        (customers.churn, (0, 0), "no customer at the start"),
        (customers.retention, (0, 0), "no customer at the start"),
        (satisfaction.nps, (0, 0, 0), "nobody answered"),
        (satisfaction.satisfied, (0, 0), "nobody answered"),
        (people.productivity, (5, 0), "no owner of a deal"),
        (people.selling_share, (5, 0), "no working day"),
        (competition.per_won_deal, (0, 0), "no deal was won"),
    ],
)
def test_what_is_said_where_a_part_is_zero(formula: Callable[..., float], parts: tuple[float, ...], why: str) -> None:
    with pytest.raises(NoValue, match=why):
        formula(*parts)
