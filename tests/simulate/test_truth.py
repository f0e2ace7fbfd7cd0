"""The truth is exact: against brute force, against what happened, and in its own order."""

import numpy as np
import pandas as pd
import pytest

from dealml.simulate.process import GIVE_UP, LEVELS, REOPEN, STATES, Chain, chain, moves, pack, unpack
from dealml.simulate.truth import HORIZONS, won_within
from tests.simulate.conftest import Simulated, times

DRAWS = 60_000


def brute_force(rules: Chain, level: int, state: int, steps: int, seed: int) -> float:
    """Share of deals won within `steps` days: the chain's rules written out, one day after the other."""
    rng = np.random.default_rng(seed)
    m, c, e = (np.full(DRAWS, part) for part in unpack(np.array(state)))
    fate = np.full(DRAWS, "open", dtype="<U4")
    for _ in range(steps):
        at = level, pack(m, c, e)
        draw = rng.random((5, DRAWS))
        was = fate.copy()
        open_ = was == "open"
        fate[open_ & (draw[0] < rules.win[at])] = "won"
        fate[open_ & (draw[0] > 1 - rules.lose[at])] = "lost"
        fate[(was == "lost") & (draw[1] < REOPEN)] = "open"
        fate[(was == "lost") & (draw[1] > 1 - GIVE_UP)] = "over"
        stays = open_ & (fate == "open")
        reach, inform = draw[2] < rules.reach[at], draw[4] < rules.inform[at]
        change = (draw[3] < rules.deepen[at]).astype(int) - (draw[3] > 1 - rules.cool[at])
        m, c, e = (np.where(stays, part + step, part) for part, step in ((m, reach), (c, change), (e, inform)))
    return float((fate == "won").mean())


@pytest.mark.parametrize(
    ("index", "milestones", "depth", "aware", "steps"),
    [(0, 0, 0, 0, 130), (0, 2, 2, 0, 65), (30, 4, 3, 1, 22), (-30, 3, 1, 0, 65), (20, 5, 4, 1, 5), (-20, 1, 4, 1, 130)],
)
def test_truth_is_what_brute_force_finds(index: int, milestones: int, depth: int, aware: int, steps: int):
    rules, level = chain(), LEVELS // 2 + index
    state = int(pack(np.array(milestones), np.array(depth), np.array(aware)))
    exact = won_within(rules, [steps])[0, level, state]
    found = brute_force(rules, level, state, steps, seed=index + steps)
    assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / DRAWS)


def test_one_day_ahead_is_the_daily_chance():
    np.testing.assert_array_equal(won_within(chain(), [1])[0], chain().win)


def test_truth_rises_with_the_horizon(small: Simulated):
    wide = small.truth().pivot(index=["deal_id", "as_of"], columns="horizon_days", values="probability")
    assert tuple(wide.columns) == HORIZONS
    assert (np.diff(wide.to_numpy(), axis=1) > 0).all()
    assert wide.to_numpy().min() > 0
    assert wide.to_numpy().max() < 1


def test_truth_speaks_of_open_deals_on_mondays(small: Simulated):
    truth, deals = small.truth(), small.table("Opportunity")
    assert (truth["as_of"].dt.day_of_week == 0).all()
    assert (truth["as_of"] == truth["as_of"].dt.normalize()).all()
    entered = truth["deal_id"].map(times(deals["EnteredOn"]).set_axis(deals["OpportunityNumber"]))
    assert (entered < truth["as_of"]).all()
    closings = small.table("OpportunityClosing")
    won = closings[closings["Status"] == "Won"]
    closed = truth["deal_id"].map(times(won["EnteredOn"]).set_axis(won["OpportunityNumber"]))
    assert not (closed < truth["as_of"]).any()
    assert (truth["as_of"] == "2026-01-05").sum() == small.summary.open_deals * len(HORIZONS)


@pytest.mark.parametrize("horizon", [30, 90])
def test_truth_agrees_with_what_happened(full: Simulated, horizon: int):
    truth = full.truth()
    truth = truth[truth["horizon_days"] == horizon]
    until = truth["as_of"] + pd.Timedelta(days=horizon)
    truth, until = truth[until <= "2026-01-05"], until[until <= "2026-01-05"]
    closings = full.table("OpportunityClosing")
    won = closings[closings["Status"] == "Won"]
    won_at = truth["deal_id"].map(times(won["EnteredOn"]).set_axis(won["OpportunityNumber"]))
    excess = (won_at < until).astype(float) - truth["probability"]
    tenth = pd.qcut(truth["probability"], 10, labels=False)
    # Snapshots of one deal end alike: the error of a mean is that of its deals' sums.
    for _, group in excess.groupby(tenth):
        by_deal = group.groupby(truth["deal_id"]).sum()
        error = np.sqrt((by_deal**2).sum()) / len(group)
        assert abs(group.mean()) < 3.5 * error + 1e-9
    assert abs(excess.mean()) < 0.02


def test_reopening_counts():
    """One level as a single matrix of open, lost and won states, multiplied out."""
    rules, level, steps = chain(), LEVELS // 2 + 10, 130
    whole = np.zeros((2 * STATES + 1, 2 * STATES + 1))
    open_, lost, won = np.arange(STATES), np.arange(STATES) + STATES, 2 * STATES
    whole[:STATES, :STATES] = moves(rules)[level]
    whole[open_, lost], whole[open_, won] = rules.lose[level], rules.win[level]
    whole[lost, open_], whole[lost, lost], whole[won, won] = REOPEN, 1 - REOPEN - GIVE_UP, 1
    expected = np.linalg.matrix_power(whole, steps)[:STATES, won]
    np.testing.assert_allclose(won_within(rules, [steps])[0, level], expected, rtol=1e-9)
