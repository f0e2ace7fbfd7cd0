from datetime import UTC, datetime

import pytest

from dealml.errors import UsageError
from dealml.forecast.period import Period, periods_between


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026Q1", at(2026, 1, 1), at(2026, 4, 1)),
        ("2026-Q4", at(2026, 10, 1), at(2027, 1, 1)),
        ("2025-12", at(2025, 12, 1), at(2026, 1, 1)),
        ("2026W01", at(2025, 12, 29), at(2026, 1, 5)),
        ("2026w53", at(2026, 12, 28), at(2027, 1, 4)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, start: datetime, end: datetime) -> None:
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)
    assert Period.parse(period.name) == period


@pytest.mark.parametrize("text", ["2026Q5", "2026-13", "2025W53", "next quarter", "", "0000"])
def test_what_is_no_period_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"--period: .* is no period; write it as 2026, 2026Q1, 2026-01 or 2026W03"):
        Period.parse(text)


@pytest.mark.parametrize("kind", ["year", "quarter", "month", "week"])
def test_periods_follow_each_other_without_a_gap(kind: str) -> None:
    period = Period.around(at(2026, 2, 28), kind)  # type: ignore[arg-type]
    assert period.next.start == period.end
    assert period.previous.end == period.start
    assert period.next.previous == period
    assert period.holds(period.start)
    assert not period.holds(period.end)


def test_only_whole_periods_lie_between() -> None:
    found = [period.name for period in periods_between(at(2025, 1, 2), at(2025, 12, 31), "quarter")]
    assert found == ["2025Q2", "2025Q3"]


def test_days_are_counted_to_the_end() -> None:
    assert Period.parse("2026Q1").days_from(at(2026, 3, 31, 12)) == 0.5
    assert Period.parse("2026Q1").days_from(at(2026, 4, 3)) == -2
