"""Numbers and dates in words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dealml.page.shared import filters
from dealml.period import Period


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234567.50", "EUR", "€1,234,568"),
        ("999.49", "USD", "$999"),
        ("0", "EUR", "€0"),
        ("-0.4", "EUR", "€0"),
        ("-2500.5", "EUR", "−€2,501"),
        ("1000", "PLN", "PLN\u00a01,000"),
        ("1000", "", "1,000"),
    ],
)
def test_money(amount: str, currency: str, shown: str) -> None:
    assert filters.money(Decimal(amount), currency) == shown


def test_missing_money_and_date_say_so() -> None:
    assert filters.money(None, "EUR") == filters.day(None) == "not set"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "under 1%"), (0.009, "under 1%"), (0.01, "1%"), (0.125, "13%"), (0.99, "99%"), (1, "over 99%")],
)
def test_percent_claims_no_certainty(share: float, shown: str) -> None:
    assert filters.percent(share) == shown


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (0.12, "+12 points"),
        (-0.05, "−5 points"),
        (0.01, "+1 point"),
        (0.0096, "+1 point"),
        (-0.004, "−0.4 points"),
        (0.0025, "+0.3 points"),
        (0.0001, "+0 points"),
    ],
)
def test_points(points: float, shown: str) -> None:
    assert filters.points(points) == shown


def test_moments_are_told_in_their_zone() -> None:
    warsaw = datetime(2026, 4, 3, 0, 5, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert filters.moment(warsaw) == "3 Apr 2026, 00:05 CEST"
    assert filters.moment(datetime(2026, 4, 3, 1, 5)) == "3 Apr 2026, 01:05 UTC"
    assert filters.moment(datetime(2026, 4, 3, 1, 5)) == filters.moment(datetime(2026, 4, 3, 1, 5, tzinfo=UTC))
    assert filters.day(date(2026, 4, 3)) == "3 Apr 2026"


def test_half_a_character_pair_can_be_written() -> None:
    assert filters.clean("a\ud800b").encode() == b"a?b"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (4_231_118, "€4.23m"),
        (4_000_000, "€4.00m"),
        (999_499, "€999k"),
        (999_500, "€1.00m"),
        (12_345_678_901, "€12.3bn"),
        (999_600_000, "€1.00bn"),
        (9_999.4, "€9,999"),
        (9_999.5, "€10.0k"),
        (9_994_999, "€9.99m"),
        (9_995_001, "€10.0m"),
        (99_960_000, "€100m"),
        (812_400, "€812k"),
        (0.4, "€0"),
        (-0.4, "€0"),
        (-118_000, "−€118k"),
    ],
)
def test_money_as_it_is_said_aloud(amount: float, shown: str) -> None:
    assert filters.short_money(amount, "EUR") == shown


@pytest.mark.parametrize(
    ("amount", "step", "shown"),
    [
        (4e6, 2e6, "€4m"),
        (5e6, 2.5e6, "€5.0m"),
        (12_250_000, 50_000, "€12.25m"),
        (-5e5, 250_000, "−€500k"),
        (7_500, 2_500, "€7,500"),
        (0.0, 2e6, "€0"),
        (1e9, 5e8, "€1.0bn"),
    ],
)
def test_ticks_have_the_places_of_their_step(amount: float, step: float, shown: str) -> None:
    assert filters.short_tick(amount, step, "EUR") == shown


@pytest.mark.parametrize(("cents", "shown"), [(123_456, "+€1,235"), (-1_234_500, "−€12,345"), (49, "€0"), (-49, "€0"), (0, "€0")])
def test_changes_have_their_sign(cents: int, shown: str) -> None:
    assert filters.change(cents, "EUR") == shown


SAID = {"2026Q1": "Q1 2026", "2026-03": "Mar 2026", "2026": "2026", "2026W03": "week 3 of 2026", "2020W53": "week 53 of 2020"}


@pytest.mark.parametrize(("written", "said"), SAID.items())
def test_periods_as_they_are_said(written: str, said: str) -> None:
    assert filters.period(Period.parse(written)) == said


def test_quality_figures_are_called_as_in_a_heading() -> None:
    assert [filters.measure(name) for name in ("auc", "brier", "log loss")] == ["AUC", "Brier", "Log loss"]


def test_month() -> None:
    assert filters.month(date(2026, 4, 1)) == "Apr 2026"
