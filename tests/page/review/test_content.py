"""What a review accepts, how it is ranked and added up."""

from decimal import Decimal

import pytest

from dealml.page import ReliabilityCurve, figures_of
from dealml.page.review.content import ranked
from tests.page.row_fixtures import reason, review, row


def test_ranked_by_expected_value_with_the_incomparable_last() -> None:
    rows = (row("a", amount="10"), row("b", amount=None), row("c", amount="99"), row("d", amount="999", currency="USD"))
    assert [each.entity_id for each in ranked(review(*rows))] == ["c", "a", "b", "d"]


def test_order_of_equals_does_not_depend_on_order_of_rows() -> None:
    rows = (row("a"), row("b"), row("c"))
    assert ranked(review(*rows)) == ranked(review(*rows[::-1]))


def test_headline_adds_up_one_currency_to_the_cent() -> None:
    rows = (row("a", amount="0.10"), row("b", amount="0.20"), row("c", amount=None), row("d", currency="USD"))
    figures = figures_of(review(*rows))
    assert (figures.count, figures.without_amount, figures.other_currency) == (4, 1, 1)
    assert (figures.amount, figures.expected_value) == (Decimal("0.30"), Decimal("0.150"))


@pytest.mark.parametrize("probability", [-0.01, 1.01, float("nan")])
def test_probability_outside_its_range_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match="'d1': probability must lie between 0 and 1"):
        row(probability=probability, amount=None)


def test_amount_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="'d1': an amount must be a finite number"):
        row(amount="NaN")


def test_points_that_are_no_number_are_refused() -> None:
    with pytest.raises(ValueError, match="'champion_depth': points must be a finite number"):
        reason(float("inf"))


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows have the id 'a'"):
        review(row("a"), row("a"))


def test_curve_with_uneven_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        ReliabilityCurve((0.1,), (0.1, 0.2), (0.0,), (0.2,), (1,))
