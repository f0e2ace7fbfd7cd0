"""Past accuracy by hand, and backtests as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_pinball_loss

from dealml.errors import InputError
from dealml.forecast.accuracy import QUANTILES, accuracy_of, pinball, range_of
from dealml.forecast.backtest import BacktestPeriod, origin_of
from dealml.forecast.backtest_store import FOLDER, StoredBacktest, stored_backtest, write_backtest
from dealml.forecast.result import PastPeriod, Range
from dealml.period import Period


def past(name: str, actual: float, rival: float | None = 100.0) -> PastPeriod:
    period = Period.parse(name)
    return PastPeriod(period, period.start, Range(101, 80, 100, 120), actual, {"commit": rival})


def test_coverage_and_losses_by_hand() -> None:
    track = accuracy_of([past("2024Q1", 120), past("2024Q2", 130)])
    assert track is not None
    assert track.coverage == 0.5
    first = (0.1 * 40 + 0.5 * 20 + 0) / 3
    second = (0.1 * 50 + 0.5 * 30 + 0.9 * 10) / 3
    assert track.pinball["model"] == pytest.approx((first + second) / 2)
    assert track.pinball["commit"] == pytest.approx((0.5 * 20 + 0.5 * 30) / 2)  # the three quantiles' shares average to a half


def test_too_much_costs_too() -> None:
    assert pinball((100, 100, 100), 90) == pytest.approx((0.9 * 10 + 0.5 * 10 + 0.1 * 10) / 3)


@given(st.tuples(*[st.floats(0, 1e9)] * 3), st.floats(0, 1e9))
def test_the_loss_is_scikit_learns_to_the_last_bit(forecast: tuple[float, float, float], actual: float) -> None:
    losses = [mean_pinball_loss([actual], [value], alpha=share) for value, share in zip(forecast, QUANTILES, strict=True)]
    assert pinball(forecast, actual) == np.mean(losses)


def test_a_rival_without_a_figure_for_each_period_is_not_compared() -> None:
    track = accuracy_of([past("2024Q1", 100), past("2024Q2", 100, rival=None)])
    assert track is not None
    assert list(track.pinball) == ["model"]


def test_no_past_is_no_track() -> None:
    assert accuracy_of([]) is None


def test_a_range_is_its_mean_and_quantiles() -> None:
    assert range_of(np.arange(101.0)) == Range(50.0, 10.0, 50.0, 90.0)


@pytest.mark.parametrize(("name", "day"), [("2024Q1", 1), ("2024Q2", 1), ("2024-06", 3), ("2024-09", 2), ("2024W10", 4)])
def test_a_past_period_is_seen_from_its_first_monday(name: str, day: int) -> None:
    origin = origin_of(Period.parse(name))
    assert origin.weekday() == 0
    assert origin.day == day
    assert Period.parse(name).holds(origin)


def stored(names: list[str], as_of: str) -> StoredBacktest:
    told = tuple(BacktestPeriod(past(name, 110), np.linspace(-1, 0, 5)) for name in names)
    return StoredBacktest("deal_win", "quarter", datetime.fromisoformat(as_of).replace(tzinfo=UTC), "l", "m", told)


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    one = stored(["2024Q1", "2024Q2"], "2024-07-02")
    path = write_backtest(tmp_path, one)
    before = path.read_bytes()
    assert write_backtest(tmp_path, one) == path
    assert path.read_bytes() == before
    back = stored_backtest(tmp_path, "deal_win", "quarter", datetime(2024, 8, 1, tzinfo=UTC))
    assert back is not None
    assert [told.past for told in back.periods] == [told.past for told in one.periods]
    assert back.periods[0].curve == pytest.approx(one.periods[0].curve, abs=1e-4)


def test_only_what_had_ended_by_then_is_used(tmp_path: Path) -> None:
    write_backtest(tmp_path, stored(["2024Q1", "2024Q2"], "2024-07-02"))
    write_backtest(tmp_path, stored(["2023Q4", "2024Q1", "2024Q2", "2024Q3"], "2024-10-02"))
    back = stored_backtest(tmp_path, "deal_win", "quarter", datetime(2024, 7, 1, tzinfo=UTC))
    assert back is not None
    assert [told.past.period.name for told in back.before(datetime(2024, 7, 1, tzinfo=UTC))] == ["2023Q4", "2024Q1", "2024Q2"]
    assert stored_backtest(tmp_path, "deal_win", "quarter", datetime(2023, 7, 1, tzinfo=UTC)) is None
    assert stored_backtest(tmp_path, "deal_win", "month", datetime(2025, 7, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("damage", ["", "{}", '{"format": 1, "model": "deal_win"}', '{"format": 9}'])
def test_a_damaged_file_is_one_line(tmp_path: Path, damage: str) -> None:
    path = write_backtest(tmp_path, stored(["2024Q1"], "2024-07-02"))
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(InputError, match=f"{FOLDER}.*(damaged|format 9)"):
        stored_backtest(tmp_path, "deal_win", "quarter", datetime(2024, 8, 1, tzinfo=UTC))
