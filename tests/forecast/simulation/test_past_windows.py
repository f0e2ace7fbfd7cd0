"""Past windows: at the same distance, over by the moment, with what became of the deals open then; what is learned from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.errors import ModelError
from dealml.forecast.period_forecast import simulate_period
from dealml.forecast.simulation.amount_growth import UNCHANGED, equally_likely, growth_of
from dealml.forecast.simulation.common_shock import learned
from dealml.forecast.simulation.new_deals import USUAL_SPREAD, arrivals_of
from dealml.forecast.simulation.past_windows import MAX_WINDOWS, PastDeals, past_deals, past_windows
from dealml.period import Period
from tests.forecast.history_fixtures import START, change, fact, hour, ledger, record


def test_windows_are_as_far_from_their_end_as_the_forecast_is() -> None:
    period, as_of = Period.parse("2024Q3"), datetime(2024, 8, 1, 12, tzinfo=UTC)
    found = past_windows(period, as_of, datetime(2023, 1, 15, tzinfo=UTC))
    assert [window.period.name for window in found] == ["2024Q2", "2024Q1", "2023Q4", "2023Q3", "2023Q2", "2023Q1"]
    assert {window.period.end - window.at for window in found} == {period.end - as_of}
    assert all(window.period.end <= as_of for window in found)


def test_a_period_to_come_leaves_out_past_ones_that_are_not_over() -> None:
    as_of = datetime(2024, 5, 20, tzinfo=UTC)
    found = past_windows(Period.parse("2024-08"), as_of, datetime(2023, 12, 1, tzinfo=UTC))
    assert [window.period.name for window in found] == ["2024-04", "2024-03"]
    assert all(window.start == window.period.start for window in found)


def test_there_are_not_more_than_so_many() -> None:
    assert len(past_windows(Period.parse("2024W20"), Period.parse("2024W20").start, datetime(2010, 1, 1, tzinfo=UTC))) == MAX_WINDOWS


def weekly(tmp_path: Path) -> PastDeals:
    """Three weeks of a small company, seen at the start of the fourth: D is won at double its price, N comes and is won within a week."""
    facts = {
        "deals": [fact(1, deal_id="D"), fact(200, deal_id="N"), fact(2, deal_id="O"), fact(3, deal_id="P")],
        "deal_changes": [
            *(change(4, name, "amount", 100) for name in "DO"),
            change(200, "N", "amount", 30),
            change(250, "D", "amount", 200),
            change(251, "P", "amount", 7),
        ],
        "outcomes": [fact(252, deal_id="D", outcome="won"), fact(260, deal_id="N", outcome="won"), fact(270, deal_id="P", outcome="won")],
    }
    known = record(ledger(tmp_path / "l", facts), hour(504))
    period = Period.around(hour(504), "week")
    return past_deals(known, past_windows(period, hour(504), known.first - timedelta(days=1)), hour(504))


def test_what_became_of_the_deals_open_then(tmp_path: Path) -> None:
    found = weekly(tmp_path)
    assert [window.period.start for window in found.windows] == [START + timedelta(days=days) for days in (14, 7, 0)]
    rows = found.deals.set_index(["window", "deal_id"]).sort_index()
    assert rows.index.tolist() == [(0, "O"), (1, "D"), (1, "O")]
    assert rows["won"].tolist() == [False, True, False]
    assert rows.loc[(1, "D"), "money"] == 100
    assert rows.loc[(1, "D"), "won_money"] == 200


def test_other_wins_are_of_deals_that_were_not_open_or_had_no_money(tmp_path: Path) -> None:
    found = weekly(tmp_path)
    assert found.others[["window", "deal_id", "money"]].to_numpy().tolist() == [[1, "N", 30.0], [1, "P", 7.0]]


def test_later_windows_weigh_more(tmp_path: Path) -> None:
    weight = weekly(tmp_path).weight
    assert (np.diff(weight) < 0).all()
    assert weight[0] == 1.0


def past(money: list[float], won_money: list[float], windows: int = 1, others: list[float] | None = None) -> PastDeals:
    deals = pd.DataFrame({"window": 0, "money": money, "won": True, "won_money": won_money})
    came = pd.DataFrame({"window": np.arange(len(others or [])) % windows, "money": others or []})
    return PastDeals((None,) * windows, np.ones(windows), deals, came)  # type: ignore[arg-type]


def test_growth_keeps_the_money_that_all_came_to() -> None:
    rng = np.random.default_rng(1)
    money = rng.lognormal(10, 1, 400)
    won = money * np.where(rng.random(400) < 0.05, 0.1, rng.normal(1.0, 0.1, 400))
    growth = growth_of(past(list(money), list(won)))
    assert growth.deals == 400
    assert (money * growth.mean(money)).sum() == pytest.approx(won.sum(), rel=0.02)
    drawn, mean = growth.draw(rng, np.repeat(growth.bins(money), 200)), growth.mean(money)
    assert drawn.mean() == pytest.approx(mean.mean(), rel=0.01)
    assert drawn.var() == pytest.approx((growth.variance(money) + mean**2).mean() - mean.mean() ** 2, rel=0.05)


def test_amounts_stand_where_few_deals_were_won() -> None:
    assert growth_of(past([10.0] * 19, [20.0] * 19)) is UNCHANGED
    assert growth_of(past([10.0] * 20, [20.0] * 20)).mean(np.array([5.0])) == pytest.approx([2.0])


def test_equal_shares_of_a_weighted_sample() -> None:
    values = equally_likely(np.array([1.0, 5.0]), np.array([3.0, 1.0]))
    assert values.mean() == pytest.approx(2.0)


def test_arrivals_count_what_past_windows_brought() -> None:
    found = arrivals_of(past([], [], windows=4, others=[10.0] * 12))
    assert found.rate == pytest.approx(3.0)
    assert found.spread < USUAL_SPREAD
    assert found.uncertainty == pytest.approx((3 + found.spread * 9) / 4)
    counts = found.counts(np.random.default_rng(1), 50_000)
    assert counts.mean() == pytest.approx(3.0, rel=0.02)
    assert counts.var() > 3.0


def test_no_arrivals_ever_are_none_to_come() -> None:
    found = arrivals_of(past([], [], windows=3))
    assert not found.counts(np.random.default_rng(1), 10).any()


def test_no_past_to_learn_from_is_one_clear_line(tmp_path: Path) -> None:
    facts = {"deals": [fact(1, deal_id="D")], "outcomes": [fact(9, deal_id="D", outcome="won")]}
    known = record(ledger(tmp_path / "l", facts), hour(100))
    with pytest.raises(ModelError, match="2024Q1: no whole quarter before 2024-01-05 is on record"):
        simulate_period(known, Period.parse("2024Q1"), hour(100), pd.Series(dtype=float), learned([]))
