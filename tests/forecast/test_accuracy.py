"""Past accuracy by hand, and backtests as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dealml.errors import InputError
from dealml.forecast.accuracy import pinball, range_of, track_of
from dealml.forecast.backtest import Told, origin_of
from dealml.forecast.backtest_store import FOLDER, Stored, keep, kept
from dealml.forecast.result import Past, Range
from dealml.period import Period


def past(name: str, actual: float, rival: float | None = 100.0) -> Past:
    period = Period.parse(name)
    return Past(period, period.start, Range(101, 80, 100, 120), actual, {"commit": rival})


def test_coverage_and_losses_by_hand() -> None:
    track = track_of([past("2024Q1", 120), past("2024Q2", 130)])
    assert track is not None
    assert track.coverage == 0.5
    first = (0.1 * 40 + 0.5 * 20 + 0) / 3
    second = (0.1 * 50 + 0.5 * 30 + 0.9 * 10) / 3
    assert track.pinball["model"] == pytest.approx((first + second) / 2)
    assert track.pinball["commit"] == pytest.approx((0.5 * 20 + 0.5 * 30) / 2)  # the three quantiles' shares average to a half


def test_too_much_costs_too() -> None:
    assert pinball((100, 100, 100), 90) == pytest.approx((0.9 * 10 + 0.5 * 10 + 0.1 * 10) / 3)


def test_a_rival_without_a_figure_for_each_period_is_not_compared() -> None:
    track = track_of([past("2024Q1", 100), past("2024Q2", 100, rival=None)])
    assert track is not None
    assert list(track.pinball) == ["model"]


def test_no_past_is_no_track() -> None:
    assert track_of([]) is None


def test_a_range_is_its_mean_and_quantiles() -> None:
    assert range_of(np.arange(101.0)) == Range(50.0, 10.0, 50.0, 90.0)


@pytest.mark.parametrize(("name", "day"), [("2024Q1", 1), ("2024Q2", 1), ("2024-06", 3), ("2024-09", 2), ("2024W10", 4)])
def test_a_past_period_is_seen_from_its_first_monday(name: str, day: int) -> None:
    origin = origin_of(Period.parse(name))
    assert origin.weekday() == 0
    assert origin.day == day
    assert Period.parse(name).holds(origin)


def stored(names: list[str], as_of: str) -> Stored:
    told = tuple(Told(past(name, 110), np.linspace(-1, 0, 5)) for name in names)
    return Stored("deal_win", "quarter", datetime.fromisoformat(as_of).replace(tzinfo=UTC), "l", "m", told)


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    one = stored(["2024Q1", "2024Q2"], "2024-07-02")
    path = keep(tmp_path, one)
    before = path.read_bytes()
    assert keep(tmp_path, one) == path
    assert path.read_bytes() == before
    back = kept(tmp_path, "deal_win", "quarter", datetime(2024, 8, 1, tzinfo=UTC))
    assert back is not None
    assert [told.past for told in back.told] == [told.past for told in one.told]
    assert back.told[0].curve == pytest.approx(one.told[0].curve, abs=1e-4)


def test_only_what_had_ended_by_then_is_used(tmp_path: Path) -> None:
    keep(tmp_path, stored(["2024Q1", "2024Q2"], "2024-07-02"))
    keep(tmp_path, stored(["2023Q4", "2024Q1", "2024Q2", "2024Q3"], "2024-10-02"))
    back = kept(tmp_path, "deal_win", "quarter", datetime(2024, 7, 1, tzinfo=UTC))
    assert back is not None
    assert [told.past.period.name for told in back.before(datetime(2024, 7, 1, tzinfo=UTC))] == ["2023Q4", "2024Q1", "2024Q2"]
    assert kept(tmp_path, "deal_win", "quarter", datetime(2023, 7, 1, tzinfo=UTC)) is None
    assert kept(tmp_path, "deal_win", "month", datetime(2025, 7, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("damage", ["", "{}", '{"format": 1, "model": "deal_win"}', '{"format": 9}'])
def test_a_damaged_file_is_one_line(tmp_path: Path, damage: str) -> None:
    path = keep(tmp_path, stored(["2024Q1"], "2024-07-02"))
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(InputError, match=f"{FOLDER}.*(damaged|format 9)"):
        kept(tmp_path, "deal_win", "quarter", datetime(2024, 8, 1, tzinfo=UTC))
