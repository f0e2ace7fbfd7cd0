"""Ranges of clocks, planned dates, amounts and rates."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from dealml.importing.parsing.ranges import clock_problems, far_dates, number_problems

TAKEN = datetime(2026, 3, 1, tzinfo=UTC)


def reasons(clock: str, table: str, moment: str) -> list[str]:
    times = pd.Series(pd.to_datetime([moment], utc=True))
    return [reason for bad, reason, _ in clock_problems(clock, table, times, TAKEN) if bad.iloc[0]]


def test_a_clock_lies_between_1950_and_the_extract() -> None:
    late = "lies after the extract was taken (2026-03-01T00:00Z)"
    assert reasons("recorded_at", "deals", "1949-12-31") == ["lies before 1950"]
    assert reasons("recorded_at", "deals", "2026-03-01T00:05") == []
    assert reasons("recorded_at", "deals", "2026-03-01T00:06") == [late]
    assert reasons("occurred_at", "outcomes", "2026-03-02") == [late]


@pytest.mark.parametrize("table", ["activities", "quotas", "subscriptions"])
def test_what_is_planned_may_occur_later(table: str) -> None:
    assert reasons("occurred_at", table, "2026-09-01") == []
    assert reasons("occurred_at", table, "2056-03-02") == ["lies more than 30 years ahead"]
    assert reasons("recorded_at", table, "2026-09-01") != []


def test_dates_of_the_year_3999_stand_for_none() -> None:
    times = pd.Series(pd.to_datetime(["2056-02-01", "2056-03-02", "1900-01-01", None], utc=True))
    assert far_dates(times, TAKEN).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("table", "column", "value", "negative", "count"),
    [
        ("rates", "rate", -1.0, False, 1),
        ("rates", "rate", 0.0, False, 1),
        ("rates", "rate", 0.2, False, 0),
        ("deals", "amount", -5.0, False, 1),
        ("deal_changes", "amount", -5.0, True, 0),
        ("purchases", "value", -5.0, False, 0),
    ],
)
def test_numbers(table: str, column: str, value: float, negative: bool, count: int) -> None:
    assert sum(bad.iloc[0] for bad, _ in number_problems(table, column, pd.Series([value]), negative)) == count
