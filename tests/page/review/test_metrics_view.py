"""Trends and renewals as they are drawn."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dealml.page.review.metrics import RenewalLine
from dealml.page.review.metrics_view import metric_views, renewal_views, trend_of
from tests.page.review_fixtures import METRICS, RENEWALS
from tests.page.row_fixtures import review


@pytest.mark.parametrize("values", [(), (1.0,), (None, 2.0), (None, None), (1.0, math.nan)])
def test_fewer_than_two_values_are_no_trend(values: tuple[float | None, ...]) -> None:
    assert trend_of(values) is None


def test_a_trend_goes_up_where_values_do() -> None:
    found = trend_of((1.0, 2.0, 3.0))
    assert found
    assert found.path == "M4.0 24.0L60.0 14.0L116.0 4.0"
    assert found.description == "up over 3 periods"


def test_a_missing_value_breaks_the_line_and_one_alone_is_a_dot() -> None:
    found = trend_of((1.0, None, 3.0, None, 2.0, 1.0))
    assert found
    assert found.path.count("M") == 3
    assert found.path.count("L") == 1
    assert found.description == "unchanged over 6 periods, 2 of them without a value"
    assert len(found.dots) == 3


def test_equal_values_lie_in_the_middle() -> None:
    found = trend_of((5.0, 5.0))
    assert found
    assert {y for _, y in found.dots} == {14.0}


def test_metrics_without_a_past_have_no_trend() -> None:
    views = {view.line.title: view.trend for view in metric_views(replace(review(), metrics=METRICS))}
    assert views["Win rate"]
    assert views["NPS"] is None


def test_renewals_are_in_order_and_measured_by_the_largest_month() -> None:
    views = renewal_views(replace(review(), renewals=RENEWALS[::-1]))
    assert [view.month for view in views] == ["Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026", "Jul 2026"]
    assert max(view.width for view in views) == 100
    june = views[4]
    assert (june.arr, june.lost, june.share, june.lost_width) == ("€1,120,000", "€123,200", "11%", 11)


def test_a_month_without_revenue_has_no_share() -> None:
    views = renewal_views(replace(review(), renewals=(RenewalLine(date(2026, 1, 1), 0, Decimal(0), Decimal(0)),)))
    assert (views[0].share, views[0].width) == ("–", 0)
